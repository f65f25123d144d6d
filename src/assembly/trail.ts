import { hostname } from 'node:os';
import { AuditTrail } from '../access/audit/audit-trail.ts';
import { TrailThread } from '../access/audit/thread/trail-thread.ts';
import { nodeName } from '../access/audit/trail-files.ts';
import { auditFolder, bucketsLocation } from '../cli/locations.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { DialectName } from '../data/database/dialect.ts';
import { parseS3Uri } from '../data/objects/buckets.ts';
import { type Recorder, recorderTo } from '../edge/audit/recorder.ts';
import type { Logger } from '../util/logger.ts';

/** The audit trail of a process. */
export type ServerTrail = {
  readonly recorder: Recorder;
  /** Takes a record of what the server does itself; nobody waits for it. */
  readonly add: (record: string) => void;
  /**
   * Delivers and removes what is due, as the options ask; else the trail starts with its first record.
   *
   * @param port where the server listens
   */
  start(port: string): void;
  close(): Promise<void>;
};

type Parts = {
  /** Whether signatures are verified. */
  readonly verifies: boolean;
  readonly dialect: DialectName;
  /** Of one of several processes, 0 for the primary; undefined for one that is alone. */
  readonly number: number | undefined;
  readonly log: Logger;
};

/** Undefined where nothing is recorded. @throws Error with a sentence for options that contradict each other */
export function openTrail(options: ServerOptions, { verifies, dialect, number, log }: Parts): ServerTrail | undefined {
  const audit = options.audit ?? (verifies ? 'on' : 'off');
  const { auditBucket, auditDays } = options;
  if (audit === 'off' && auditBucket !== undefined) {
    throw new Error('Nothing is recorded, so nothing comes into --audit-bucket: give --audit on or --audit all, too.');
  }
  if (audit === 'off') return undefined;
  // A home has one server if its database is a SQLite file, and else one at each port of each machine.
  const processName = number === undefined ? '' : `p${number}`;
  let node = dialect === 'sqlite' ? processName : undefined;
  const early: string[] = [];
  const thread = openThread(options, () => node ?? 'starting', log);
  const trail = new AuditTrail(thread);
  return {
    add: (record) => void (node === undefined ? early.push(record) : trail.add(record)),
    recorder: recorderTo({ trail, all: audit === 'all', now: () => Date.now() }),
    start(port) {
      node ??= [hostname(), port, ...(processName === '' ? [] : [processName])].join('-');
      for (const record of early.splice(0)) trail.add(record);
      if (auditBucket !== undefined || auditDays !== undefined) thread.start();
    },
    close: () => trail.close(),
  };
}

/** What went wrong with the audit trail, for the log. */
const trailTasks = {
  write: 'The audit trail cannot be written: what is to be recorded waits.',
  deliver: 'The audit trail cannot be brought to its bucket: it is tried again.',
  remove: 'Old files of the audit trail cannot be removed: it is tried again.',
};

const openThread = (options: ServerOptions, node: () => string, log: Logger) =>
  new TrailThread({
    plan: () => ({
      folder: auditFolder(options.home),
      node: nodeName(node()),
      delivery: deliveryOf(options),
      days: options.auditDays,
    }),
    onError: (task, error, lostRecords) => log.error({ err: error, lostRecords }, trailTasks[task]),
  });

function deliveryOf({ auditBucket, auditMinutes, account, ...options }: ServerOptions) {
  if (auditBucket === undefined) return undefined;
  const { bucket, key } = parseS3Uri(auditBucket);
  return {
    buckets: bucketsLocation(options),
    bucket,
    prefix: key === '' || key.endsWith('/') ? key : `${key}/`,
    origin: { account, region: 'us-east-1' },
    everyMs: auditMinutes * 60_000,
  };
}
