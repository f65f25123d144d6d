import { decodeLines, type Layout } from '../../records/layout.ts';
import { streamedFiles } from '../../records/pinned-dataset.ts';
import type { LogEntry } from '../../records/record-log.ts';
import type { Snapshot, View } from '../view.ts';
import { fillFromFiles } from './fill.ts';
import type { ColumnIndexes } from './live-columns.ts';
import { LiveHistories, type LiveHistoriesOptions } from './live-histories.ts';

export type HistoryViewOptions = LiveHistoriesOptions & {
  readonly datasetArn: string;
  /** Sessions since then are remembered beyond a training: milliseconds since the epoch. */
  readonly sessionsSince: number;
};

/** The live histories of an Interactions dataset as a view. */
export class HistoryView implements View {
  readonly histories: LiveHistories;
  readonly #datasetArn: string;
  readonly #sessionsSince: number;
  readonly #indexes = new Map<Layout, ColumnIndexes>();

  constructor({ datasetArn, sessionsSince, ...options }: HistoryViewOptions) {
    this.histories = new LiveHistories(options);
    this.#datasetArn = datasetArn;
    this.#sessionsSince = sessionsSince;
  }

  get bytes(): number {
    return this.histories.bytes;
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    const files = streamedFiles(of(this.#datasetArn).files);
    await fillFromFiles(this.histories, { files, sessionsSince: this.#sessionsSince, temporaryFolder, signal });
  }

  apply({ body, position }: LogEntry, layout: Layout): void {
    const indexes = this.#indexesIn(layout);
    for (const values of decodeLines(body)) this.histories.add(values, indexes, position);
  }

  #indexesIn(layout: Layout): ColumnIndexes {
    const known = this.#indexes.get(layout);
    if (known) return known;
    const indexes = this.histories.indexesIn(layout.map(({ name }) => name));
    this.#indexes.set(layout, indexes);
    return indexes;
  }
}
