import type { LogEntry, RecordBatch, RecordLogParts } from '../data/records/record-log.ts';
import type { Deployment, Serving } from '../serve/serving.ts';
import type { Others } from '../util/channel/others.ts';
import type { LastAnswer } from './deployments/last-answers.ts';

/** The caches of resources that every process has. */
export type CacheName = 'trackers' | 'actionTrackers' | 'datasets' | 'deployments' | 'filters';

/** What the processes of one server ask of each other's control. */
export type ControlPeer = {
  /** Records that are on disk. Resolves once every subscriber there has been notified. */
  notified(entries: readonly LogEntry[]): Promise<void>;
  gap(): void;
  forget(cache: CacheName, key: string): void;
  /** Looks which views are needed. */
  look(): Promise<void>;
  prepare(deployment: Deployment): Promise<void>;
  release(ownerArn: string, keep?: string): void;
  /** The items of an answer that this process has given a moment ago. */
  impression(recommendationId: string): readonly string[] | undefined;
  /** Looks who is being deleted. */
  lookForHiddenUsers(): Promise<void>;
  /** Forgets what it holds of the users whom a job deletes. */
  forgetUsers(jobArn: string): Promise<void>;
  lastAnswer(datasetArn: string, userId: string): LastAnswer | undefined;
};

/** What a process that answers leaves to the one that has started it. */
export type Primary = {
  /** As of the record log. */
  append(records: RecordBatch): Promise<void>;
  /** A transaction may have put jobs on the queue, or left objects to remove. */
  wake(): void;
  cancelWork(resourceArn: string, jobs?: readonly string[]): void;
};

/** Serving of a process that answers no requests itself: the others load models. */
export function servingElsewhere(others: Others<ControlPeer>): Serving {
  const refuse = async () => {
    throw new Error('This process answers no requests.');
  };
  return {
    async prepare(deployment) {
      await others.ask('prepare', deployment);
    },
    release(ownerArn, keep) {
      tell(others.ask('release', ownerArn, keep));
    },
    // Each process looks after the keys that it holds.
    releaseSealed() {},
    recommend: refuse,
    rank: refuse,
    explain: refuse,
    items: refuse,
    propensities: refuse,
    loaded: () => [],
    close: async () => {},
  };
}

/** Serving that has the other processes, too, let models go. */
export const releasedEverywhere = (serving: Serving, others: Others<ControlPeer>): Serving => ({
  prepare: (deployment) => serving.prepare(deployment),
  recommend: (deployment, query, exploring) => serving.recommend(deployment, query, exploring),
  rank: (deployment, query) => serving.rank(deployment, query),
  explain: (deployment, query) => serving.explain(deployment, query),
  items: (deployment) => serving.items(deployment),
  propensities: (deployment, query) => serving.propensities(deployment, query),
  releaseSealed: (keyId) => serving.releaseSealed(keyId),
  loaded: () => serving.loaded(),
  close: () => serving.close(),
  release(ownerArn, keep) {
    serving.release(ownerArn, keep);
    tell(others.ask('release', ownerArn, keep));
  },
});

/** A model that stays a while longer does no harm. */
const tell = (asked: Promise<unknown>) => void asked.catch(() => {});

/** The other processes as what the record log notifies beside its own subscribers. */
export const notifiedElsewhere = (others: Others<ControlPeer>): RecordLogParts['elsewhere'] => ({
  notified: (entries) => others.ask('notified', entries),
  gap: () => tell(others.ask('gap')),
});
