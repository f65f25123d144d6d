import { keyIdOfName } from '../../data/encryption/group-key.ts';
import type { ViewKey } from '../../data/views/view.ts';
import type { RankingInfluence } from '../../learn/model/requests.ts';
import type { UseCase } from '../../learn/recipes/recipe.ts';
import type { Deployment } from '../../serve/serving.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import type { Kind } from '../resources/kind.ts';
import { type CacheParts, ResourceCache } from '../resources/resource-cache.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import { deploymentOf, type OwnedDeployment } from './deployment-owner.ts';
import { type ExplorationSource, explorationSourceOf } from './exploration-source.ts';
import { type HistorySource, historySourceOf } from './history-source.ts';
import { liveKeyOf } from './live-views.ts';

/** What a request for recommendations needs to know of the resource that it asks. */
export type DeploymentEntry = {
  readonly account: string;
  readonly region: string;
  readonly kind: Kind;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Of the model that is served. */
  readonly modelOwnerArn?: string;
  /** Absent while nothing is served. */
  readonly deployment?: Deployment;
  /** Of what its model is sealed with, if it is. */
  readonly keyId?: string | undefined;
  /** Where users' events since the training are found; absent where answers do not reflect them. */
  readonly source?: HistorySource | undefined;
  /** How answers are explored; absent where they are the model's own. */
  readonly exploration?: ExplorationSource | undefined;
  /** The view that answers from live data; absent where the model answers. */
  readonly live?: ViewKey | undefined;
  /** How much popularity and freshness weigh in the order of answers. */
  readonly rankingInfluence?: RankingInfluence | undefined;
  /** The dataset group of the model, as everything below absent while nothing is served. */
  readonly datasetGroupArn?: string;
  /** Which dataset group of that ARN. */
  readonly datasetGroupSequence?: number;
  /** Whether requests may ask for metadata of items. */
  readonly givesMetadata?: boolean;
  readonly recipeName?: string;
  /** What its use case asks of requests and leaves out of answers; absent where it is no recommender's. */
  readonly useCase?: UseCase | undefined;
};

/** Deployments by the ARN of their owner. */
export function deploymentCache(
  parts: Pick<ControlParts, 'database'> & CacheParts,
  owners: Owners,
): ResourceCache<DeploymentEntry> {
  const { database } = parts;
  return new ResourceCache(parts, {
    async read(arn): Promise<DeploymentEntry | undefined> {
      const owned = await owners.deployments.find(database, arn);
      if (!owned) return undefined;
      const { account, region, kind, status, createdAt, document } = owned.owner;
      const entry = { account, region, kind, status, createdAt };
      if (!document.deployment) return entry;
      return {
        ...entry,
        ...(await modelFactsOf(owners, database, owned)),
        modelOwnerArn: owned.modelOwnerArn,
        deployment: deploymentOf(arn, document.deployment),
        keyId: keyIdOfName(document.deployment.model),
        source: await historySourceOf(owners, database, owned),
        exploration: await explorationSourceOf(owners, database, owned),
        live: await liveKeyOf(owners, database, owned),
        rankingInfluence: owned.rankingInfluence,
      };
    },
    isReady: ({ deployment }) => deployment !== undefined,
  });
}

type ModelFacts = Pick<
  DeploymentEntry,
  'datasetGroupArn' | 'datasetGroupSequence' | 'givesMetadata' | 'recipeName' | 'useCase'
>;

/** What requests need to know of the model's dataset group and recipe. */
async function modelFactsOf(
  owners: Owners,
  db: Queryable,
  { modelOwnerArn, metadata }: OwnedDeployment,
): Promise<ModelFacts> {
  const { recipe, datasetGroupArn } = (await owners.models.find(db, modelOwnerArn))?.plan ?? {};
  const group = datasetGroupArn && (await findResource(db, datasetGroupKind, datasetGroupArn));
  if (!recipe || !group) return {};
  const givesMetadata = metadata ?? recipe.givesMetadata === true;
  const { name: recipeName, useCase } = recipe;
  return { datasetGroupArn: group.arn, datasetGroupSequence: group.sequence, givesMetadata, recipeName, useCase };
}
