import { isDeepStrictEqual } from 'node:util';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { LocalCopy } from '../../data/objects/object-store.ts';
import { impressionItems } from '../../data/records/impression.ts';
import { decodeLines, type Layout } from '../../data/records/layout.ts';
import type { LogEntry } from '../../data/records/record-log.ts';
import { type DatasetFiles, newestItems } from '../../data/views/newest-items.ts';
import type { Snapshot, View } from '../../data/views/view.ts';
import { Candidates, mostCandidates } from './candidates.ts';

/** Items that are read: there is room for others that come up, before all have to be read again. */
const mostRead = 0.9 * mostCandidates;

export type ExploredDataset = { readonly arn: string; readonly schema: Pick<DatasetSchema, 'fields'> };

export type ExploredItemsOptions = {
  readonly interactions: ExploredDataset;
  readonly items?: ExploredDataset | undefined;
  /** The model's name: the prefix of its folder in the store. */
  readonly model: string;
  /** The Parquet file of the model's item ids (`localItems`). */
  readonly modelItems: () => Promise<LocalCopy>;
  /** How old an item may be when the newest interaction happens. */
  readonly itemAgeSeconds: number;
  readonly clock: { now(): number };
};

/**
 * The candidates of a deployment: new items as soon as they come up, and what interactions say of them. The records are
 * the statistics, so a restart counts the same.
 */
export class ExploredItems implements View {
  readonly candidates = new Candidates();
  readonly model: string;
  readonly itemAgeSeconds: number;
  readonly #options: ExploredItemsOptions;
  /** When the newest interaction happened, in seconds since the epoch. */
  #newest = 0;
  #isFull = false;

  constructor(options: ExploredItemsOptions) {
    this.#options = options;
    this.model = options.model;
    this.itemAgeSeconds = options.itemAgeSeconds;
  }

  get bytes(): number {
    return this.candidates.bytes;
  }

  /** Whether reading again would make room for items that came up and found none, or free much memory. */
  get isStale(): boolean {
    return this.#isFull || this.candidates.gone > mostCandidates / 2;
  }

  async read(snapshot: Snapshot, signal: AbortSignal): Promise<void> {
    const { interactions, items, modelItems, clock } = this.#options;
    const filesOf = ({ arn, schema }: ExploredDataset): DatasetFiles => ({
      files: snapshot.of(arn).files,
      schema,
    });
    await using known = await modelItems();
    const found = await newestItems({
      interactions: filesOf(interactions),
      items: items && filesOf(items),
      known,
      seconds: this.itemAgeSeconds,
      limit: mostRead,
      now: Math.floor(clock.now() / 1000),
      temporaryFolder: snapshot.temporaryFolder,
      signal,
    });
    this.#newest = found.newest;
    for (const item of found.items) this.candidates.add(item, item);
  }

  apply(entry: LogEntry, layout: Layout): void {
    if (entry.datasetArn === this.#options.interactions.arn) this.#applyInteractions(entry.body, layout);
    else this.#applyItems(entry.body, layout);
  }

  expire(): void {
    this.candidates.retireBefore(this.#newest - this.itemAgeSeconds);
  }

  #applyInteractions(body: string, layout: Layout): void {
    const [item, time, shown] = ['ITEM_ID', 'TIMESTAMP', 'IMPRESSION'].map((name) => indexIn(layout, name));
    const now = Math.floor(this.#options.clock.now() / 1000);
    for (const values of decodeLines(body)) {
      const itemId = values[item ?? -1] ?? '';
      if (itemId === '') continue;
      this.#newest = Math.max(this.#newest, Math.min(now, Number(values[time ?? -1])));
      this.candidates.interaction(itemId, impressionItems(values[shown ?? -1] ?? ''));
    }
  }

  #applyItems(body: string, layout: Layout): void {
    const [item, created] = ['ITEM_ID', 'CREATION_TIMESTAMP'].map((name) => indexIn(layout, name));
    for (const values of decodeLines(body)) {
      const id = values[item ?? -1] ?? '';
      const before = this.candidates.find(id);
      // The metadata of an item that the model knows is for the next update of the model.
      if (before && !before.metadata) continue;
      const stated = values[created ?? -1] ?? '';
      const createdAt = stated === '' ? (before?.createdAt ?? this.#newest) : Number(stated);
      if (!before && createdAt < this.#newest - this.itemAgeSeconds) continue;
      const cells = layout.map(({ name }, n): [string, string] => [name, values[n] ?? '']);
      const metadata = new Map(cells.filter(([name, cell]) => name !== 'ITEM_ID' && cell !== ''));
      if (isDeepStrictEqual(before?.metadata, metadata)) continue;
      const isInferred = stated === '' && (!before || before.isInferred);
      if (!this.candidates.add({ id, createdAt, isInferred, metadata })) this.#isFull = true;
    }
  }
}

const indexIn = (layout: Layout, name: string): number => layout.findIndex((column) => column.name === name);
