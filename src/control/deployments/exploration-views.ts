import type { ViewDefinition, ViewKey, ViewKind } from '../../data/views/view.ts';
import type { ViewSet } from '../../data/views/view-set.ts';
import { localItems } from '../../learn/model/stored-model.ts';
import type { Candidates } from '../../serve/exploration/candidates.ts';
import { ExploredItems } from '../../serve/exploration/explored-items.ts';
import type { Deployment } from '../../serve/serving.ts';
import { type Dataset, datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import { type ExplorationSource, explorationSourceOf } from './exploration-source.ts';

type ExplorationParts = Pick<ControlParts, 'database' | 'store' | 'clock'> & { readonly owners: Owners };

/** The items that deployments explore, for those that requests ask. */
export function explorationViews(parts: ExplorationParts): ViewKind<ExploredItems> {
  return {
    name: 'exploration',
    title: 'What a deployment explores',
    lookEveryMs: 5000,
    isHeavy: true,
    async needed(asked) {
      const definitions: ViewDefinition<ExploredItems>[] = [];
      for (const key of asked) {
        const definition = await definitionOf(parts, key);
        if (definition) definitions.push(definition);
      }
      return definitions;
    },
  };
}

/**
 * The candidates of a deployment. Those of the model before will do until the others have been read.
 *
 * @returns undefined while they are read for the first time
 */
export function candidatesOf(
  explorations: ViewSet<ExploredItems>,
  { ownerArn, model }: Deployment,
  { sequence, itemAgeSeconds }: ExplorationSource,
): Candidates | undefined {
  const suffices = (held: ExploredItems) => held.model === model && held.itemAgeSeconds === itemAgeSeconds;
  return explorations.peek({ arn: ownerArn, sequence }, suffices)?.candidates;
}

/** Undefined for a deployment that is gone or does not explore. */
async function definitionOf(
  { database, store, clock, owners }: ExplorationParts,
  key: ViewKey,
): Promise<ViewDefinition<ExploredItems> | undefined> {
  const owned = await owners.deployments.find(database, key.arn);
  const deployment = owned?.owner.sequence === key.sequence ? owned.owner.document.deployment : undefined;
  const source = owned && deployment && (await explorationSourceOf(owners, database, owned));
  if (!source) return undefined;
  const { interactions, items } = await datasetsOf(database, source);
  if (!interactions) return undefined;
  const datasets = items ? [interactions, items] : [interactions];
  const { model } = deployment;
  const { itemAgeSeconds } = source;
  const present = datasets.map(({ sequence, document }) => `${sequence} ${document.schemaArn}`);
  return {
    key,
    version: [model, itemAgeSeconds, ...present].join(' '),
    sources: datasets.map(({ arn }) => ({ arn, rows: 'all' })),
    async create() {
      const explored = async (dataset: Dataset) => ({
        arn: dataset.arn,
        schema: await schemaOf(database, dataset),
      });
      return new ExploredItems({
        modelItems: () => localItems(store, model),
        interactions: await explored(interactions),
        items: items && (await explored(items)),
        model,
        itemAgeSeconds,
        clock,
      });
    },
  };
}

async function datasetsOf(db: Queryable, { datasetGroupArn }: ExplorationSource) {
  const prefix = datasetGroupArn.replace(':dataset-group/', ':dataset/');
  const [interactions, items] = await Promise.all([
    findResource(db, datasetKind, `${prefix}/INTERACTIONS`),
    findResource(db, datasetKind, `${prefix}/ITEMS`),
  ]);
  return { interactions, items };
}
