import type { Deployment } from '../../serve/serving.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import type { Kind } from '../resources/kind.ts';
import { ResourceCache } from '../resources/resource-cache.ts';
import { deploymentOf } from './deployment-owner.ts';
import { type ExplorationSource, explorationSourceOf } from './exploration-source.ts';
import { type HistorySource, historySourceOf } from './history-source.ts';

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
  /** Where users' events since the training are found; absent where answers do not reflect them. */
  readonly source?: HistorySource | undefined;
  /** How answers are explored; absent where they are the model's own. */
  readonly exploration?: ExplorationSource | undefined;
};

/** Deployments by the ARN of their owner. */
export function deploymentCache(
  parts: Pick<ControlParts, 'database' | 'clock' | 'log'>,
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
        modelOwnerArn: owned.modelOwnerArn,
        deployment: deploymentOf(arn, document.deployment),
        source: await historySourceOf(owners, database, owned),
        exploration: await explorationSourceOf(owners, database, owned),
      };
    },
    isReady: ({ deployment }) => deployment !== undefined,
  });
}
