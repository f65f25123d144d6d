import { filePath } from '../../data/encryption/file-path.ts';
import type { ViewDefinition, ViewKey, ViewKind, ViewSource } from '../../data/views/view.ts';
import type { LiveView } from '../../learn/model/live-view.ts';
import { localModel } from '../../learn/model/stored-model.ts';
import {
  type LiveAnswers,
  type LiveDatasetType,
  type LiveViewParts,
  liveDatasetTypes,
} from '../../learn/recipes/live-answers.ts';
import { resolveParameters } from '../../learn/recipes/parameters.ts';
import { type Dataset, datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import type { OwnedDeployment } from './deployment-owner.ts';
import { trainedConditions } from './history-source.ts';

type LiveParts = Pick<ControlParts, 'database' | 'store' | 'clock' | 'settings'> & { readonly owners: Owners };

/** The views that stand before the models of recipes whose answers follow the data: for every deployment. */
export function liveViews(parts: LiveParts): ViewKind<LiveView> {
  return {
    name: 'live-answers',
    title: 'What a deployment answers from live data',
    lookEveryMs: 5000,
    isHeavy: true,
    async needed() {
      const definitions: ViewDefinition<LiveView>[] = [];
      for (const owned of await parts.owners.deployments.all(parts.database)) {
        const definition = await definitionOf(parts, owned);
        if (definition) definitions.push(definition);
      }
      return definitions;
    },
  };
}

/**
 * The key of the view that answers for a deployment, for as long as it is to follow the data; undefined where only its
 * model answers.
 */
export async function liveKeyOf(owners: Owners, db: Queryable, owned: OwnedDeployment): Promise<ViewKey | undefined> {
  const { arn, sequence } = owned.owner;
  return (await liveModelOf(owners, db, owned)) && { arn, sequence };
}

/** What is served, and how its recipe follows the data; undefined where it does not. */
async function liveModelOf(owners: Owners, db: Queryable, { owner, modelOwnerArn }: OwnedDeployment) {
  const { deployment } = owner.document;
  const model = deployment && (await owners.models.find(db, modelOwnerArn));
  const live = model?.plan.recipe.live;
  return deployment && live && { live, model, deployment };
}

async function definitionOf(
  { database, store, clock, settings, owners }: LiveParts,
  owned: OwnedDeployment,
): Promise<ViewDefinition<LiveView> | undefined> {
  const found = await liveModelOf(owners, database, owned);
  if (!found || !(await found.model.kind.followsData(database, found.model.owner))) return undefined;
  const { live, deployment } = found;
  const { plan } = found.model;
  const datasets = await followedDatasets(database, live, plan.datasetGroupArn);
  const { model, watermark = 0 } = deployment;
  const { arn, sequence } = owned.owner;
  return {
    key: { arn, sequence },
    version: [model, ...datasets.map(({ dataset }) => `${dataset.sequence} ${dataset.document.schemaArn}`)].join(' '),
    sources: datasets.map(({ source }) => source),
    async create() {
      return await live.create({
        model,
        datasets: await described(database, datasets),
        parameters: resolveParameters(plan.recipe, plan.parameters),
        events: trainedConditions(plan),
        watermark,
        async withModel(work) {
          await using copy = await localModel(store, model);
          return await work(filePath(copy.path, copy.key));
        },
        textEncoder: settings.textEncoder,
        clock,
      });
    },
  };
}

type FollowedDataset = {
  readonly type: LiveDatasetType;
  readonly dataset: Dataset;
  readonly source: ViewSource;
};

/** Those of the datasets that the view follows which the group has. */
async function followedDatasets(db: Queryable, { follows }: LiveAnswers, group: string): Promise<FollowedDataset[]> {
  const prefix = group.replace(':dataset-group/', ':dataset/');
  const found: FollowedDataset[] = [];
  for (const type of liveDatasetTypes) {
    const rows = follows[type];
    const dataset = rows && (await findResource(db, datasetKind, `${prefix}/${type}`));
    if (dataset) found.push({ type, dataset, source: { arn: dataset.arn, rows } });
  }
  return found;
}

async function described(db: Queryable, datasets: readonly FollowedDataset[]): Promise<LiveViewParts['datasets']> {
  const entries = datasets.map(async ({ type, dataset }) => {
    return [type, { arn: dataset.arn, schema: await schemaOf(db, dataset) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
