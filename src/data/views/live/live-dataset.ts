import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { DatasetSource } from '../../pinned-snapshot.ts';
import { pinEventFiles } from '../../records/event-files.ts';
import { decodeLines } from '../../records/layout.ts';
import type { LogEntry, RecordLog } from '../../records/record-log.ts';
import { fillFromFiles } from './fill.ts';
import type { ColumnIndexes } from './live-columns.ts';
import { LiveHistories, type LiveHistoriesOptions } from './live-histories.ts';

export type LiveDatasetRequest = DatasetSource &
  LiveHistoriesOptions & {
    readonly log: RecordLog;
    readonly datasetArn: string;
    /** Of what models have seen, sessions since then are looked at: milliseconds since the epoch. */
    readonly sessionsSince: number;
    /** A folder for intermediate files, which is made and removed. */
    readonly folder: string;
    readonly signal: AbortSignal;
    /** Told when records may have gone by unheard, and histories had better be made anew. */
    onMissed(): void;
  };

/** Live histories that follow the records of a dataset as they come. */
export class LiveDataset implements Disposable {
  readonly histories: LiveHistories;
  readonly #log: RecordLog;
  readonly #end: () => void;
  /** What came while the files were read; absent from then on. */
  #waiting: LogEntry[] | undefined = [];
  /** By layout. */
  readonly #places = new Map<number, ColumnIndexes>();

  /** Subscribes first and reads files next, so that there is no gap. @throws what a store, a database or a disk does, the signal's reason */
  static async open(request: LiveDatasetRequest): Promise<LiveDataset> {
    const live = new LiveDataset(request);
    try {
      await live.#fill(request);
    } catch (error) {
      live[Symbol.dispose]();
      throw error;
    } finally {
      await rm(request.folder, { recursive: true, force: true });
    }
    return live;
  }

  private constructor({ log, datasetArn, onMissed, ...options }: LiveDatasetRequest) {
    this.histories = new LiveHistories(options);
    this.#log = log;
    this.#end = log.subscribe({
      applied: (entry) => {
        if (entry.datasetArn !== datasetArn) return;
        if (this.#waiting) this.#waiting.push(entry);
        else this.#takeIn(entry);
      },
      gap: onMissed,
    });
  }

  /** Ends the following. */
  [Symbol.dispose](): void {
    this.#end();
  }

  async #fill(request: LiveDatasetRequest): Promise<void> {
    const { folder, sessionsSince, signal } = request;
    const files = await pinEventFiles(request);
    await fillFromFiles(this.histories, {
      ...{ files, sessionsSince, signal },
      temporaryFolder: join(folder, 'spilled'),
    });
    const read = files.at(-1)?.through ?? 0;
    for (let entry = this.#waiting?.shift(); entry; entry = this.#waiting?.shift()) {
      if (entry.position > read) this.#takeIn(entry);
      await letOthersRun();
    }
    this.#waiting = undefined;
  }

  #takeIn({ layout, body, position }: LogEntry): void {
    const places = this.#placesOf(layout);
    for (const values of decodeLines(body)) this.histories.add(values, places, position);
  }

  #placesOf(layout: number): ColumnIndexes {
    const known = this.#places.get(layout);
    if (known) return known;
    const places = this.histories.placesIn(this.#log.layouts.known(layout).map(({ name }) => name));
    this.#places.set(layout, places);
    return places;
  }
}
