import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type AttributionState, addCounts, moveOn, sourcesOf } from '../../data/attribution/counts.ts';
import { importedVersions } from '../../data/manifest.ts';
import { pinDataset, streamedFiles } from '../../data/records/pinned-dataset.ts';
import type { LogEntry } from '../../data/records/record-log.ts';
import { EventCounter } from '../../data/views/attribution/event-counter.ts';
import { fillItems, fillRecent } from '../../data/views/attribution/fill.ts';
import { ItemValues } from '../../data/views/attribution/item-values.ts';
import { repetitionSeconds } from '../../data/views/attribution/recent-events.ts';
import type { Context } from '../context.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { ownerCandidates } from '../deployments/owner-candidates.ts';
import { findResource } from '../resources/resource-store.ts';
import { type AttributionMetric, type MetricAttribution, sumsItems } from './metric-attribution-kind.ts';

/** Entries of the log that are counted without a pause: a millisecond or so. */
const entriesAtOnce = 8;

type Parts = Pick<Context, 'database' | 'store' | 'records' | 'owners' | 'settings' | 'workFolder' | 'clock'>;

/** The numbers of items, up to date with the log of their dataset up to a position. */
type FollowedItems = { readonly datasetArn: string; readonly values: ItemValues; through: number; version: string };

/** Another node counts, or the attribution has changed: what this node holds of it is out of date. */
export class CountLost extends Error {
  override name = 'CountLost';
}

/**
 * The events of one metric attribution, as this node counts them: entry after entry of the record log, from the last
 * that was counted up to the end. Each page's counts and the new position are one transaction, so that every entry is
 * counted once, whatever crashes.
 */
export class EventCount {
  readonly #parts: Parts;
  readonly #attribution: MetricAttribution;
  readonly #counter: EventCounter;
  readonly #items: FollowedItems | undefined;
  #candidates = '';
  #position: number;

  private constructor(
    parts: Parts,
    attribution: MetricAttribution,
    state: AttributionState,
    counter: EventCounter,
    items: FollowedItems | undefined,
  ) {
    this.#parts = parts;
    this.#attribution = attribution;
    this.#position = state.position;
    this.#counter = counter;
    this.#items = items;
  }

  /** Reads what is needed to go on from where an attribution was counted to. */
  static async open(
    parts: Parts,
    attribution: MetricAttribution,
    state: AttributionState,
    signal: AbortSignal,
  ): Promise<EventCount> {
    const { metrics } = attribution.document;
    const items = sumsItems(metrics) ? await readItems(parts, state, metrics, signal) : undefined;
    const owners = { ownerOf: () => undefined };
    const counter = new EventCounter({ metrics, owners, items: items?.values });
    await readRecent(parts, counter, state, signal);
    return new EventCount(parts, attribution, state, counter, items);
  }

  get bytes(): number {
    return this.#counter.bytes + (this.#items?.values.bytes ?? 0);
  }

  /** Whether it counts what the attribution asks for now. */
  isOf({ sequence, version }: MetricAttribution, position: number): boolean {
    const { sequence: own, version: ownVersion } = this.#attribution;
    return own === sequence && ownVersion === version && this.#position === position;
  }

  /**
   * Counts what has come.
   *
   * @throws CountLost if another has counted meanwhile; what a database does
   */
  async goOn({ arn, datasetArn }: AttributionState, signal: AbortSignal): Promise<void> {
    const { log } = this.#parts.records;
    const through = await log.lastPosition();
    if (through <= this.#position) return;
    await this.#refreshOwners();
    await this.#requireItems();
    const items = this.#items && itemEntries(log.read(this.#items.datasetArn, this.#items.through, through));
    for await (const page of log.read(datasetArn, this.#position, through)) {
      for (const [index, entry] of page.entries()) {
        if (index > 0 && index % entriesAtOnce === 0) await letOthersRun();
        if (items) await this.#followItems(items, entry.position);
        this.#counter.apply(entry, await log.layouts.get(entry.layout));
      }
      signal.throwIfAborted();
      await this.#commit(arn, page.at(-1)?.position ?? this.#position);
    }
    if (items) await this.#followItems(items, through);
  }

  async #commit(arn: string, to: number): Promise<void> {
    const counted = this.#counter.take();
    const most = this.#parts.settings.quotas.attributionSources;
    const isDone = await this.#parts.database.transaction().execute(async (trx) => {
      if (!(await moveOn(trx, arn, this.#position, to))) return false;
      await addCounts(trx, arn, counted, most);
      return true;
    });
    if (!isDone) throw new CountLost(`${arn} has been counted elsewhere.`);
    this.#position = to;
  }

  /** Campaigns come and go: who has answered by now is known before what was shown is looked up. */
  async #refreshOwners(): Promise<void> {
    const { database, records } = this.#parts;
    const sources = (await sourcesOf(database, this.#attribution.arn)).keys();
    const candidates = await ownerCandidates(this.#parts, this.#attribution, sources);
    const names = candidates.join('\n');
    if (names === this.#candidates && names !== '') return;
    this.#candidates = names;
    this.#counter.owners = records.impressions.owners.among(candidates);
  }

  /** An import of items changes values that are not in the log. */
  async #requireItems(): Promise<void> {
    if (!this.#items) return;
    const { datasetArn, version } = this.#items;
    if ((await versionOf(this.#parts, datasetArn)) !== version) throw new CountLost(`${datasetArn} has been imported.`);
  }

  async #followItems(entries: ItemEntries, before: number): Promise<void> {
    if (!this.#items) return;
    for (let entry = await entries.peek(); entry && entry.position <= before; entry = await entries.peek()) {
      this.#items.values.apply(entry.body, await this.#parts.records.log.layouts.get(entry.layout));
      this.#items.through = entry.position;
      entries.skip();
    }
  }
}

type ItemEntries = { peek(): Promise<LogEntry | undefined>; skip(): void };

/** Entries one after another, of pages. */
function itemEntries(pages: AsyncGenerator<readonly LogEntry[]>): ItemEntries {
  let page: readonly LogEntry[] = [];
  let next = 0;
  return {
    async peek() {
      if (next < page.length) return page[next];
      const read = await pages.next();
      page = read.done ? [] : read.value;
      next = 0;
      return page[0];
    },
    skip() {
      next++;
    },
  };
}

async function readItems(
  parts: Parts,
  state: AttributionState,
  metrics: readonly AttributionMetric[],
  signal: AbortSignal,
): Promise<FollowedItems | undefined> {
  const datasetArn = state.datasetArn.replace(/INTERACTIONS$/, 'ITEMS');
  const dataset = await findResource(parts.database, datasetKind, datasetArn);
  if (!dataset) return undefined;
  const columns = metrics.flatMap(({ parsed }) =>
    parsed.math === 'sum' && parsed.dataset === 'ITEMS' ? [parsed.column] : [],
  );
  const values = new ItemValues([...new Set(columns)]);
  const version = await versionOf(parts, datasetArn);
  return await inFolder(parts, async (folder) => {
    const records = parts.records.log;
    const { position: through } = state;
    const pinned = await pinDataset({ ...parts, records, datasetArn, rows: 'all', through, folder, signal });
    const schema = await schemaOf(parts.database, dataset);
    const temporaryFolder = join(folder, 'duckdb');
    await fillItems(values, { files: pinned.files, schema, temporaryFolder, signal });
    return { datasetArn, values, through: pinned.watermark, version };
  });
}

const versionOf = async ({ database }: Parts, datasetArn: string) =>
  (await importedVersions(database, [datasetArn])).get(datasetArn) ?? '';

/** What came within the hour before is known again: repetitions of it do not count. */
async function readRecent(
  parts: Parts,
  counter: EventCounter,
  { datasetArn, position }: AttributionState,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock } = parts;
  const dataset = await findResource(database, datasetKind, datasetArn);
  if (!dataset) return;
  const schema = await schemaOf(database, dataset);
  await inFolder(parts, async (folder) => {
    const records = parts.records.log;
    const wanted = { datasetArn, rows: 'streamed', through: position } as const;
    const pinned = await pinDataset({ ...parts, ...wanted, records, folder, signal });
    const after = await uncountedIn(parts, datasetArn, position, pinned.watermark);
    const before = Math.floor((after.firstAt ?? clock.now()) / 1000);
    const temporaryFolder = join(folder, 'duckdb');
    const old = await filesBefore(parts, datasetArn, 1000 * (before - repetitionSeconds));
    const files = streamedFiles(pinned.files).filter(({ through }) => through > old);
    await fillRecent(counter, { files, schema, uncounted: after.records, before, temporaryFolder, signal });
  });
}

/** Up to which position files hold the log that were written before a moment: they have nothing that came later. */
async function filesBefore({ database }: Parts, datasetArn: string, moment: number): Promise<number> {
  const { through } = await database
    .selectFrom('dataset_files')
    .select(({ fn }) => fn.max('through').as('through'))
    .where('dataset_arn', '=', datasetArn)
    .where('created_at', '<', moment)
    .executeTakeFirstOrThrow();
  return Number(through ?? 0);
}

/** What the log has after a position: it is not removed from there before it has been counted. */
async function uncountedIn({ database }: Parts, datasetArn: string, after: number, through: number) {
  const row = await database
    .selectFrom('record_log')
    .select(({ fn }) => [fn.sum('records').as('records'), fn.min('created_at').as('first')])
    .where('dataset_arn', '=', datasetArn)
    .where('position', '>', after)
    .where('position', '<=', through)
    .executeTakeFirstOrThrow();
  return { records: Number(row.records ?? 0), firstAt: row.first === null ? undefined : Number(row.first) };
}

async function inFolder<T>({ workFolder }: Parts, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(workFolder, `attribution-${randomUUID()}`);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
