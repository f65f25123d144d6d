import type { BucketUse } from '../access/authorisation/bucket-use.ts';
import type { MetricSink } from '../data/attribution/metric-sink.ts';
import type { Database } from '../data/database/database.ts';
import type { DialectName } from '../data/database/dialect.ts';
import type { Room } from '../data/database/reserve.ts';
import type { GroupKeys } from '../data/encryption/group-keys.ts';
import type { exportCsv } from '../data/export/export-csv.ts';
import type { importCsv } from '../data/import/import-csv.ts';
import type { Buckets, ObjectStore } from '../data/objects/object-store.ts';
import type { Train } from '../learn/training/training.ts';
import type { RunBatch } from '../serve/batch/run-batch.ts';
import type { PropensityLog } from '../serve/exploration/propensity-log.ts';
import type { Serving } from '../serve/serving.ts';
import type { Others } from '../util/channel/others.ts';
import type { Logger } from '../util/logger.ts';
import type { ControlPeer, Primary } from './peers.ts';
import type { Settings } from './settings.ts';

export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
};

/** Where everything is kept. */
export type Storage = {
  readonly database: Database;
  readonly dialect: DialectName;
  readonly store: ObjectStore;
  /** The users' buckets, as the service may use them for a resource by its role. */
  readonly bucketsFor: (use: BucketUse) => Buckets;
  /** Of dataset groups with a kmsKeyArn; `store` knows them. Without, there are none. */
  readonly keys?: GroupKeys | undefined;
  /** Space for deletions on a full disk; a PostgreSQL server looks after its own. */
  readonly reserve?: Room | undefined;
  /** Writes the database as of now into a new SQLite file. */
  readonly takeSnapshot: (file: string) => Promise<void>;
  /** A folder of this process alone, made when it is needed; removed by its owner. */
  readonly workFolder: string;
};

/** What does the heavy work, outside the event loop. */
export type Engines = {
  readonly serving: Serving;
  readonly train: Train;
  readonly importCsv: typeof importCsv;
  readonly exportCsv: typeof exportCsv;
  readonly runBatch: RunBatch;
  /** Where exploration writes down what it has decided; nowhere unless given. */
  readonly propensities?: PropensityLog | undefined;
  /** Where metrics of attributions are published; nowhere unless given. */
  readonly metricSink?: MetricSink | undefined;
};

/** What a process is of the server that it belongs to; one that is alone has neither part. */
export type Processes = {
  /** The other processes of the server. */
  readonly others?: Others<ControlPeer>;
  /** The process that works for this one, which then answers and leaves jobs, cleaning up and the record log to it. */
  readonly primary?: Primary;
};

/** What the control plane is made of. */
export type ControlParts = Storage &
  Engines &
  Processes & {
    readonly settings: Settings;
    readonly clock: Clock;
    readonly log: Logger;
  };
