import { randomUUID } from 'node:crypto';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { ServiceError } from '../../contract/errors.ts';
import type { Logger } from '../../util/logger.ts';
import type { Database } from '../database/database.ts';
import { type DialectName, inLogOrder, isDatabaseFull } from '../database/dialect.ts';
import type { RecordLogRow } from '../database/tables.ts';
import type { GroupKey } from '../encryption/group-key.ts';
import { type GroupKeys, openedText } from '../encryption/group-keys.ts';
import { sealText } from '../encryption/sealed-text.ts';
import { type Group, GroupCommit } from './group-commit.ts';
import { decodeLines, encodeLine, type Layout } from './layout.ts';
import { type LayoutId, Layouts } from './layouts.ts';

/** Records of one dataset that go into the log, or have come out of it. */
export type RecordBatch = {
  readonly datasetArn: string;
  readonly layout: LayoutId;
  /** How many lines `body` has. */
  readonly records: number;
  /** Lines of `encodeLine`. */
  readonly body: string;
  /** The dataset group, if it is encrypted. */
  readonly sealedGroupArn?: string | undefined;
};

/** With the key for the row, if it is sealed. */
type KeyedBatch = RecordBatch & { readonly key?: GroupKey | undefined };

/** A row of the log: records that were committed together. */
export type LogEntry = RecordBatch & {
  /** Grows in the order of commits, across all nodes. */
  readonly position: number;
  /** When they came, in milliseconds since the epoch, by the clock of the node that took them. */
  readonly receivedAt: number;
};

/** Neither may throw or wait. */
export type Subscriber = {
  /** An entry, whose layout is known (`Layouts.known`). */
  notified(entry: LogEntry): void;
  /** Entries of other nodes may be missing: the database did not answer for too long. */
  gap(): void;
};

export type RecordLogParts = {
  readonly database: Database;
  readonly dialect: DialectName;
  readonly clock: { now(): number };
  readonly log: Pick<Logger, 'error'>;
  /** Without, nothing is encrypted. */
  readonly keys?: GroupKeys | undefined;
  /** Where another process of the server writes: it takes records, and has entries delivered here. */
  readonly appendElsewhere?: (records: RecordBatch) => Promise<void>;
  /** Of the process that writes: what the others are notified of, before records are acknowledged. */
  readonly elsewhere?: { notified(entries: readonly LogEntry[]): Promise<unknown>; gap(): void };
};

/** Most UTF-16 units of a row's body: small enough that subscribers apply one within a millisecond. */
const rowLength = 2 ** 14;
/** Rows of a page: small enough that one never holds the connection up. */
const pageRows = 128;
/** How soon records of other nodes are noticed. */
const followEveryMs = 250;
/**
 * Rows that are in files are removed a minute after they came: a node that has not looked for half of it may not have
 * seen them all.
 */
const longestPauseMs = 30_000;

/**
 * The records that came one by one (PutEvents, PutItems and so on) and are in no Parquet file yet, in the server's
 * database: durable before they are acknowledged, in one order that all nodes agree on, for each dataset.
 */
export class RecordLog {
  readonly layouts: Layouts;
  readonly #parts: RecordLogParts;
  readonly #node = randomUUID();
  readonly #subscribers = new Set<Subscriber>();
  readonly #groups: GroupCommit<KeyedBatch>;
  #delivering: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #following: Promise<void> | undefined;
  /** Subscribers have been notified of what other nodes wrote up to here. */
  #seen = 0;
  /** When that was last brought up to date, by the clock. */
  #followedAt = 0;

  constructor(parts: RecordLogParts) {
    this.#parts = parts;
    this.layouts = new Layouts(parts.database);
    this.#groups = new GroupCommit((group) => this.#commit(group));
  }

  /**
   * Resolves when the records are on disk and every subscriber of this server has been notified.
   *
   * @throws ServiceError ServiceUnavailable if they could not be stored, or if too many wait already; KeyError if the
   *   dataset group is encrypted and its key cannot be used
   */
  async append(records: RecordBatch): Promise<void> {
    const { appendElsewhere } = this.#parts;
    if (appendElsewhere) return await appendElsewhere(records);
    const { sealedGroupArn } = records;
    // A key that cannot be used concerns these records alone, not those that are committed with them.
    const key = sealedGroupArn === undefined ? undefined : await this.keys?.ofGroup(sealedGroupArn);
    if (sealedGroupArn !== undefined && !key) throw groupGone(sealedGroupArn);
    await this.#groups.add({ ...records, key }, records.body.length);
  }

  /**
   * `listener` is notified of each entry once: of this node's before they are acknowledged, of others' within half a
   * second. Entries of one node come in the order of their positions; those of several nodes may not.
   *
   * @returns what ends it.
   */
  subscribe(listener: Subscriber): () => void {
    this.#subscribers.add(listener);
    return () => this.#subscribers.delete(listener);
  }

  get keys(): GroupKeys | undefined {
    return this.#parts.keys;
  }

  /** Starts to follow the other nodes, where there can be any. */
  async start(): Promise<void> {
    if (this.#parts.dialect === 'sqlite' || this.#parts.appendElsewhere) return;
    this.#seen = await this.lastPosition();
    this.#followedAt = this.#parts.clock.now();
    this.#timer = setInterval(() => {
      this.#following ??= this.#follow()
        .catch((error: unknown) => this.#parts.log.error({ err: error }, 'The record log could not be followed.'))
        .finally(() => {
          this.#following = undefined;
        });
    }, followEveryMs);
  }

  /** Ends once nothing is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#following;
    await this.#groups.idle();
  }

  /** Has subscribers notified of what another process of the server has written or seen, in its order. */
  async deliver(entries: readonly LogEntry[]): Promise<void> {
    const delivered = this.#delivering.then(async () => {
      for (const { layout } of entries) await this.layouts.get(layout);
      await this.#notifyHere(entries);
    });
    this.#delivering = delivered.catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'Records of the server could not be taken in by this process.');
      this.gap();
    });
    await this.#delivering;
  }

  /** Entries may have passed unseen. */
  gap(): void {
    for (const { gap } of this.#subscribers) gap();
  }

  /** The last position that is committed; 0 before the first. Whatever commits later gets a higher one. */
  async lastPosition(): Promise<number> {
    const row = await this.#parts.database
      .selectFrom('record_log')
      .select('position')
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.position ?? 0;
  }

  /** The entries of a dataset with `after` < position ≤ `through`, in order, in pages of a few megabytes at most. */
  async *read(datasetArn: string, after: number, through: number): AsyncGenerator<readonly LogEntry[]> {
    for (let from = after; ; ) {
      const rows = await this.#pageOf(datasetArn, from, through);
      const last = rows.at(-1);
      if (!last) return;
      yield await this.#entriesOf(rows);
      from = last.position;
    }
  }

  #pageOf(datasetArn: string, after: number, through: number) {
    const page = this.#parts.database.selectFrom('record_log').selectAll().where('dataset_arn', '=', datasetArn);
    return page
      .where('position', '>', after)
      .where('position', '<=', through)
      .orderBy('position')
      .limit(pageRows)
      .execute();
  }

  /**
   * Removes the entries of a dataset up to a position that came before a moment: a few at a time, as others wait for
   * the database.
   */
  async remove(datasetArn: string, through: number, before: number): Promise<void> {
    for (;;) {
      const rows = await this.#parts.database
        .selectFrom('record_log')
        .select('position')
        .where('dataset_arn', '=', datasetArn)
        .where('position', '<=', through)
        .where('created_at', '<', before)
        .orderBy('position')
        .limit(pageRows)
        .execute();
      if (rows.length === 0) return;
      const positions = rows.map(({ position }) => position);
      await this.#parts.database.deleteFrom('record_log').where('position', 'in', positions).execute();
    }
  }

  /**
   * Changes lines in the entries of a dataset up to a position, whose records are in files already. The entries stay,
   * so that no node misses one.
   *
   * @param change what is to stand in place of a line's values, which are in the order of the layout; undefined where
   *   the line goes
   */
  async changeLines(datasetArn: string, through: number, change: LineChange): Promise<void> {
    for (let after = 0; ; ) {
      const rows = await this.#pageOf(datasetArn, after, through);
      const last = rows.at(-1);
      if (!last) return;
      after = last.position;
      for (const row of rows) {
        await this.#changeLinesOf(row, change, await this.layouts.get(row.layout));
        await letOthersRun();
      }
    }
  }

  async #changeLinesOf(row: StoredRow, change: LineChange, layout: Layout): Promise<void> {
    const kept: string[] = [];
    let isChanged = false;
    for (const values of decodeLines(await openedText(row.body, this.keys, placeOf(row)))) {
      const changed = change(values, layout);
      if (changed !== values) isChanged = true;
      if (changed) kept.push(encodeLine(changed));
    }
    if (!isChanged) return;
    const body = kept.join('');
    const key = await this.keys?.ofDataset(row.dataset_arn);
    const facts = { ...row, records: kept.length };
    await this.#parts.database
      .updateTable('record_log')
      .set({
        records: kept.length,
        bytes: Buffer.byteLength(body),
        body: key ? sealText(body, key, placeOf(facts)) : body,
      })
      .where('position', '=', row.position)
      .execute();
  }

  async #follow(): Promise<void> {
    const last = await this.lastPosition();
    while (this.#seen < last) {
      const rows = await this.#parts.database
        .selectFrom('record_log')
        .selectAll()
        .where('position', '>', this.#seen)
        .where('position', '<=', last)
        .where('node', '!=', this.#node)
        .orderBy('position')
        .limit(pageRows)
        .execute();
      for (const { layout } of rows) await this.layouts.get(layout);
      await this.#notify(await this.#entriesOf(rows, (row, error) => this.#skip(row, error)));
      this.#seen = rows.length < pageRows ? last : (rows.at(-1)?.position ?? last);
    }
    const now = this.#parts.clock.now();
    if (now - this.#followedAt > longestPauseMs) {
      this.gap();
      this.#parts.elsewhere?.gap();
    }
    this.#followedAt = now;
  }

  /** @param onError takes what is wrong with a row that is left out then; without, it is thrown */
  async #entriesOf(
    rows: readonly StoredRow[],
    onError?: (row: StoredRow, error: unknown) => void,
  ): Promise<readonly LogEntry[]> {
    const entries: LogEntry[] = [];
    for (const row of rows) {
      try {
        entries.push(entryOf(row, await openedText(row.body, this.keys, placeOf(row))));
      } catch (error) {
        if (!onError) throw error;
        onError(row, error);
      }
    }
    return entries;
  }

  /** Views of a dataset whose key is lost are dropped, and read again once it is back. */
  #skip({ dataset_arn }: StoredRow, error: unknown): void {
    this.#parts.log.error({ err: error, dataset: dataset_arn }, 'Records of another server cannot be decrypted.');
  }

  async #notify(entries: readonly LogEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await Promise.all([this.#notifyHere(entries), this.#parts.elsewhere?.notified(entries)]);
  }

  async #notifyHere(entries: readonly LogEntry[]): Promise<void> {
    for (const [index, entry] of entries.entries()) {
      if (index > 0) await letOthersRun();
      for (const { notified } of this.#subscribers) notified(entry);
    }
  }

  async #commit(group: Group<KeyedBatch>): Promise<void> {
    const rows = rowsOf(group);
    const receivedAt = this.#parts.clock.now();
    const positions = await this.#insert(rows, receivedAt).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'Records could not be stored.');
      throw unavailable(error);
    });
    await this.#notify(
      rows.map(({ key: _, ...row }, index) => ({ ...row, position: positions[index] ?? 0, receivedAt })),
    );
  }

  async #insert(rows: readonly KeyedBatch[], receivedAt: number): Promise<number[]> {
    const { database, dialect } = this.#parts;
    const values = rows.map(({ datasetArn, layout, records, body, key }) => {
      const facts = { dataset_arn: datasetArn, layout, node: this.#node, records, created_at: receivedAt };
      const bytes = Buffer.byteLength(body);
      return { ...facts, bytes, body: key ? sealText(body, key, placeOf(facts)) : body };
    });
    const inserted = await inLogOrder(database, dialect, (db) =>
      db.insertInto('record_log').values(values).returning('position').execute(),
    );
    return inserted.map(({ position }) => position).sort((one, other) => one - other);
  }
}

type LineChange = (values: readonly string[], layout: Layout) => readonly string[] | undefined;

/** Joins records of the same dataset and layout, in their order, to as few rows as a row's length allows. */
function rowsOf(group: Group<KeyedBatch>): KeyedBatch[] {
  const rows: KeyedBatch[] = [];
  const open = new Map<string, number>();
  for (const added of group) {
    const key = `${added.layout} ${added.datasetArn}`;
    const index = open.get(key);
    const row = index === undefined ? undefined : rows[index];
    if (index === undefined || row === undefined || row.body.length + added.body.length > rowLength) {
      open.set(key, rows.push(added) - 1);
    } else {
      rows[index] = { ...row, records: row.records + added.records, body: row.body + added.body };
    }
  }
  return rows;
}

type StoredRow = Pick<RecordLogRow, 'dataset_arn' | 'layout' | 'node' | 'records' | 'created_at' | 'body'> & {
  readonly position: number;
};

function entryOf({ position, layout, records, dataset_arn, created_at }: StoredRow, body: string): LogEntry {
  return { position, layout, records, body, datasetArn: dataset_arn, receivedAt: created_at };
}

/** What a sealed body is bound to, so that none stands for another. */
const placeOf = ({ dataset_arn, layout, node, records, created_at }: Omit<StoredRow, 'body' | 'position'>): string =>
  `Records of ${dataset_arn} of ${created_at} (${records}, ${layout}, ${node})`;

const groupGone = (datasetGroupArn: string) =>
  new ServiceError('ServiceUnavailable', `${datasetGroupArn} has just been deleted. Send the records again later.`);

function unavailable(error: unknown): ServiceError {
  const reason = isDatabaseFull(error)
    ? 'There is no space left on the disk of the database.'
    : 'The database could not store them.';
  return new ServiceError('ServiceUnavailable', `The records were not accepted. ${reason} Send them again later.`);
}
