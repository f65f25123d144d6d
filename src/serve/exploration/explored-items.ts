import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import type { DatasetSource } from '../../data/pinned-snapshot.ts';
import { takeAllFiles } from '../../data/records/event-files.ts';
import { impressionItems } from '../../data/records/impression.ts';
import { decodeLines, type Layout } from '../../data/records/layout.ts';
import type { LogEntry, RecordLog } from '../../data/records/record-log.ts';
import { type DatasetFiles, newestItems } from '../../data/views/newest-items.ts';
import { localItems } from '../../learn/model/stored-model.ts';
import { Candidates, mostCandidates } from './candidates.ts';

/** Items that are read: there is room for others that come up, before all have to be read anew. */
const mostRead = 0.9 * mostCandidates;

/** A dataset whose records tell of items. */
export type ExploredDataset = { readonly arn: string; readonly schema: DatasetSchema };

export type ExploredItemsRequest = DatasetSource & {
  readonly store: ObjectStore;
  readonly log: RecordLog;
  readonly interactions: ExploredDataset;
  readonly items?: ExploredDataset | undefined;
  /** Prefix of the model's folder in the store. */
  readonly model: string;
  /** How old an item may be when the newest interaction happens. */
  readonly itemAgeSeconds: number;
  readonly clock: { now(): number };
  /** A folder for intermediate files. */
  readonly workFolder: string;
  /** Is called when records have gone by unheard. */
  readonly onMissed: () => void;
  readonly signal: AbortSignal;
};

/**
 * The candidates of a deployment, kept up to date by the record log: items that come up are candidates at once, and interactions tell of
 * them. What is counted is what records hold, so that a restart counts the same.
 */
export class ExploredItems implements Disposable {
  readonly candidates = new Candidates();
  readonly #request: ExploredItemsRequest;
  readonly #unsubscribe: () => void;
  /** Entries that came while the files were read. */
  #waiting: LogEntry[] | undefined = [];
  /** When the newest interaction happened, in seconds since the epoch. */
  #newest = 0;
  #isFull = false;

  private constructor(request: ExploredItemsRequest) {
    this.#request = request;
    this.#unsubscribe = request.log.subscribe({
      applied: (entry) => this.#heard(entry),
      gap: request.onMissed,
    });
  }

  /** Reads what the datasets hold, and listens from then on. */
  static async open(request: ExploredItemsRequest): Promise<ExploredItems> {
    const opened = new ExploredItems(request);
    try {
      await opened.#read();
      return opened;
    } catch (error) {
      opened[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  /** Whether reading anew would make room for items that came up and found none, or give much memory back. */
  get isStale(): boolean {
    return this.#isFull || this.candidates.gone > mostCandidates / 2;
  }

  /** Lets go what has grown too old. */
  retire(): void {
    this.candidates.retireBefore(this.#newest - this.#request.itemAgeSeconds);
  }

  async #read(): Promise<void> {
    const { workFolder, interactions, items, store, model, itemAgeSeconds, clock, signal } = this.#request;
    const folder = join(workFolder, `exploration-${randomUUID()}`);
    try {
      const events = await this.#take(interactions, join(folder, 'interactions'));
      const records = items && (await this.#take(items, join(folder, 'items')));
      await using known = await localItems(store, model);
      const found = await newestItems({
        ...{ interactions: events, items: records, known: known.path, signal },
        ...{ seconds: itemAgeSeconds, limit: mostRead, now: Math.floor(clock.now() / 1000) },
        temporaryFolder: join(folder, 'spilled'),
      });
      this.#newest = found.newest;
      for (const item of found.items) this.candidates.add(item, item);
      const entries = this.#waiting ?? [];
      this.#waiting = undefined;
      const through = new Map([[interactions.arn, events.through]]);
      if (items && records) through.set(items.arn, records.through);
      for (const entry of entries) if (entry.position > (through.get(entry.datasetArn) ?? 0)) this.#heard(entry);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #take({ arn, schema }: ExploredDataset, folder: string): Promise<DatasetFiles & { readonly through: number }> {
    const taken = await takeAllFiles({ ...this.#request, datasetArn: arn, folder });
    const through = taken.reduce((last, file) => Math.max(last, file.through ?? 0), 0);
    return { files: taken.map(({ path }) => path), schema, through };
  }

  #heard(entry: LogEntry): void {
    const { interactions, items, log } = this.#request;
    if (entry.datasetArn !== interactions.arn && entry.datasetArn !== items?.arn) return;
    if (this.#waiting) {
      this.#waiting.push(entry);
      return;
    }
    const layout = log.layouts.known(entry.layout);
    if (entry.datasetArn === interactions.arn) this.#takeInteractions(entry.body, layout);
    else this.#takeItems(entry.body, layout);
  }

  #takeInteractions(body: string, layout: Layout): void {
    const [item, time, shown] = ['ITEM_ID', 'TIMESTAMP', 'IMPRESSION'].map((name) => placeOf(layout, name));
    const now = Math.floor(this.#request.clock.now() / 1000);
    for (const values of decodeLines(body)) {
      const itemId = values[item ?? -1] ?? '';
      if (itemId === '') continue;
      this.#newest = Math.max(this.#newest, Math.min(now, Number(values[time ?? -1])));
      this.candidates.interaction(itemId, impressionItems(values[shown ?? -1] ?? ''));
    }
  }

  #takeItems(body: string, layout: Layout): void {
    const [item, created] = ['ITEM_ID', 'CREATION_TIMESTAMP'].map((name) => placeOf(layout, name));
    for (const values of decodeLines(body)) {
      const id = values[item ?? -1] ?? '';
      const before = this.candidates.find(id);
      // What is said of an item that the model knows is for the next update of the model.
      if (before && !before.metadata) continue;
      const said = values[created ?? -1] ?? '';
      const createdAt = said === '' ? (before?.createdAt ?? this.#newest) : Number(said);
      if (!before && createdAt < this.#newest - this.#request.itemAgeSeconds) continue;
      const cells = layout.map(({ name }, n): [string, string] => [name, values[n] ?? '']);
      const metadata = new Map(cells.filter(([name, cell]) => name !== 'ITEM_ID' && cell !== ''));
      if (isDeepStrictEqual(before?.metadata, metadata)) continue;
      const isInferred = said === '' && (!before || before.isInferred);
      if (!this.candidates.add({ id, createdAt, isInferred, metadata })) this.#isFull = true;
    }
  }
}

const placeOf = (layout: Layout, name: string): number => layout.findIndex((column) => column.name === name);
