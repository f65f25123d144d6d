import { arnOf } from '../contract/arn.ts';
import type { Recipe } from '../learn/recipes/recipe.ts';
import type { Context } from './context.ts';
import { datasetGroupKind } from './datasets/dataset-group-kind.ts';
import type { DeploymentDocument, DeploymentOwnerKind } from './deployments/deployment-owner.ts';
import { type DeploymentLife, dropDeployment, modelDeployment } from './deployments/model-deployment.ts';
import { type Family, serve } from './family.ts';
import type { Caller } from './handler.ts';
import { enqueue } from './jobs/enqueue.ts';
import { type ModelDocument, type ModelOwnerKind, modelsOf } from './models/model-owner.ts';
import { modelTraining, type TrainingLife } from './models/model-training.ts';
import { modelUpdate } from './models/model-update.ts';
import { getRecipe } from './models/recipe-lookup.ts';
import { createResource } from './resources/creation.ts';
import { deleteResource } from './resources/deletion.ts';
import { defineKind, type ResourceOf } from './resources/kind.ts';
import { creationLife } from './resources/lifecycle.ts';
import { changeResource, getResource } from './resources/resource-store.ts';

// A resource that owns a model and its deployment, and is neither a solution version nor a campaign: all that it takes
// to have models trained, deployed, updated and served.

type OracleDocument = ModelDocument & DeploymentDocument & { readonly recipeArn: string };

const oracleKind = defineKind<OracleDocument>()({
  name: 'oracle',
  arnPath: 'oracle/{name}',
  life: creationLife,
  isTaggable: false,
  parent: datasetGroupKind,
  jobs: {
    'train-oracle': { pool: 'training', startsWithResource: true },
    'deploy-oracle': { pool: 'deployment' },
    'update-oracle': { pool: 'training', isScheduled: true },
  },
  objects: modelsOf,
  release: async (_tx, { document }) => [document.prefix],
});

type Oracle = ResourceOf<typeof oracleKind>;

/** @param recipe in place of the one that an oracle names */
const modelOwnerOf = (recipe?: Recipe): ModelOwnerKind<Oracle> => ({
  kind: oracleKind,
  updateJob: 'update-oracle',
  planOf: ({ parent, document }) => ({
    datasetGroupArn: parent ?? '',
    recipe: recipe ?? getRecipe(document.recipeArn),
    parameters: {},
    eventType: 'watch',
    trainedColumns: (inputs) => inputs,
  }),
  isUpdated: async () => true,
  followsData: async () => true,
});

const deploymentOwner: DeploymentOwnerKind<Oracle> = {
  kind: oracleKind,
  modelOwnerOf: ({ arn }) => arn,
  explorationOf: () => ({ explorationWeight: '0.5' }),
  metadataOf: () => true,
};

/** It is ACTIVE with its first deployment, and stays so while it is trained again. */
const training: TrainingLife<typeof oracleKind> = {
  kind: oracleKind,
  async begin(tx, oracle) {
    if (oracle.status !== 'ACTIVE') await changeResource(tx, oracle, { status: 'CREATE IN_PROGRESS' });
  },
  async finish(tx, oracle, trained) {
    await changeResource(tx, oracle, { document: trained });
    await enqueue(tx, oracleKind, 'deploy-oracle', oracle);
    return true;
  },
  async end(tx, oracle, failureReason) {
    if (oracle.status !== 'ACTIVE') {
      await changeResource(tx, oracle, { status: 'CREATE FAILED', document: { failureReason } });
    }
  },
};

const deployment: DeploymentLife<typeof oracleKind> = {
  kind: oracleKind,
  target: ({ arn }) => arn,
  begin: async () => {},
  async finish(tx, oracle, deployed) {
    await changeResource(tx, oracle, { status: 'ACTIVE', document: { deployment: deployed } });
    return true;
  },
  async fail(tx, oracle, failureReason) {
    await changeResource(tx, oracle, { status: 'CREATE FAILED', document: { failureReason } });
  },
};

function oracleOperations(context: Context) {
  const { database, transaction, settings } = context;
  return {
    async create(group: string, recipeArn: string, caller: Caller) {
      const name = 'delphi';
      const arn = arnOf(caller, oracleKind.arnPath, { name });
      const draft = { arn, name, parent: group, document: { recipeArn, prefix: 'models/oracle/' } };
      await transaction(caller.account, (tx) => createResource(tx, oracleKind, settings, caller, draft));
      return arn;
    },
    find: (arn: string, caller: Caller) => getResource(database, oracleKind, arn, caller),
    async retrain(arn: string, caller: Caller) {
      await transaction(caller.account, async (tx) => {
        await enqueue(tx, oracleKind, 'train-oracle', await getResource(tx.db, oracleKind, arn, caller));
      });
    },
    async stop(arn: string, caller: Caller) {
      await transaction(caller.account, async (tx) => {
        const oracle = await getResource(tx.db, oracleKind, arn, caller);
        await changeResource(tx, oracle, { document: { deployment: undefined } });
      });
      await dropDeployment(context, arn);
    },
    async start(arn: string, caller: Caller) {
      await transaction(caller.account, async (tx) => {
        await enqueue(tx, oracleKind, 'deploy-oracle', await getResource(tx.db, oracleKind, arn, caller));
      });
    },
    async remove(arn: string, caller: Caller) {
      await deleteResource(context, oracleKind, arn, caller);
      await dropDeployment(context, arn);
    },
    entry: (arn: string) => context.answers.deployments.find(arn),
  };
}

/**
 * The family, and what callers do with it once a control plane has it.
 *
 * @param recipe that of all its models, whichever they name
 */
export function openTemple(recipe?: Recipe) {
  let operations: ReturnType<typeof oracleOperations> | undefined;
  const family: Family = {
    kinds: [oracleKind],
    modelOwners: [modelOwnerOf(recipe)],
    deploymentOwners: [deploymentOwner],
    operations(context) {
      operations = oracleOperations(context);
      return {};
    },
    services: (context) => [
      serve(oracleKind, {
        jobs: {
          'train-oracle': modelTraining(context, training),
          'deploy-oracle': modelDeployment(context, deployment),
          'update-oracle': modelUpdate(context),
        },
      }),
    ],
  };
  return {
    family,
    get oracles() {
      if (!operations) throw new Error('No control plane has the family yet.');
      return operations;
    },
  };
}
