import type { Database } from '../data/database/database.ts';
import type { DialectName } from '../data/database/dialect.ts';
import type { Reserve } from '../data/database/reserve.ts';
import type { importCsv } from '../data/import/import-csv.ts';
import type { Buckets, ObjectStore } from '../data/objects/object-store.ts';
import type { Impressions } from '../data/records/impressions.ts';
import type { RecordLog } from '../data/records/record-log.ts';
import type { Train } from '../learn/training/training.ts';
import type { PropensityLog } from '../serve/exploration/propensity-log.ts';
import type { Serving } from '../serve/serving.ts';
import type { Logger } from '../util/logger.ts';
import type { DatasetEntry, TrackerEntry } from './datasets/record-caches.ts';
import type { CampaignEntry } from './deployments/deployment-cache.ts';
import type { Explorations } from './deployments/explorations.ts';
import type { LiveDatasets } from './deployments/live-datasets.ts';
import type { ResourceCache } from './resources/resource-cache.ts';
import type { Transaction } from './resources/transaction.ts';
import type { LastAnswers } from './runtime/last-answers.ts';
import type { Settings } from './settings.ts';

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
};

/** What the control plane is made of. */
export type ControlParts = {
  readonly database: Database;
  readonly dialect: DialectName;
  readonly store: ObjectStore;
  readonly buckets: Buckets;
  readonly serving: Serving;
  readonly train: Train;
  readonly importCsv: typeof importCsv;
  readonly settings: Settings;
  /** Where exploration writes down what it has decided; nowhere unless given. */
  readonly propensities?: PropensityLog | undefined;
  /** Space for deletions on a full disk; a PostgreSQL server looks after its own. */
  readonly reserve?: Reserve | undefined;
  /** Writes the database as of now into a new SQLite file. */
  readonly takeSnapshot: (file: string) => Promise<void>;
  /** A folder of this process alone, made when it is needed; removed by its owner. */
  readonly workFolder: string;
  readonly clock: Clock;
  readonly log: Logger;
};

/** What handlers and jobs work with. */
export type Context = ControlParts & {
  readonly campaigns: ResourceCache<CampaignEntry>;
  readonly trackers: ResourceCache<TrackerEntry>;
  readonly datasets: ResourceCache<DatasetEntry>;
  readonly records: RecordLog;
  readonly histories: LiveDatasets;
  readonly lastAnswers: LastAnswers;
  readonly explorations: Explorations;
  readonly shownLists: Impressions;
  /** Runs `work` in one transaction under the account's lock; jobs that it enqueues start once it has committed. */
  transaction<T>(account: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Calls off, at once, the work that this process does for a resource. Others learn it from the queue. */
  cancelWork(resourceArn: string): void;
};
