import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { DatasetStorage } from '../pinned-snapshot.ts';
import { pinDataset } from '../records/pinned-dataset.ts';
import type { LogEntry, RecordLog } from '../records/record-log.ts';
import type { DatasetSnapshot, View, ViewSource } from './view.ts';

export type FollowedViewParts = DatasetStorage & {
  readonly records: RecordLog;
  /** A folder for intermediate files. */
  readonly workFolder: string;
};

export type FollowedViewRequest<V extends View> = FollowedViewParts & {
  readonly view: V;
  readonly sources: readonly ViewSource[];
  readonly signal: AbortSignal;
  /** Is called when records may have passed unseen, and the view should be read again. */
  onGap(): void;
};

/**
 * A view that follows the record log. It subscribes first, then reads a pinned snapshot of its datasets, and then
 * applies the entries beyond the snapshot's watermarks: nothing is left out and nothing applied twice.
 */
export class FollowedView<V extends View> implements Disposable {
  readonly view: V;
  readonly #records: RecordLog;
  readonly #unsubscribe: () => void;
  /** Entries that came while the snapshot was read; absent from then on. */
  #waiting: LogEntry[] | undefined = [];
  #hasGap = false;

  /** @throws what a store, a database or a disk does, the signal's reason when it is aborted */
  static async open<V extends View>(request: FollowedViewRequest<V>): Promise<FollowedView<V>> {
    const followed = new FollowedView(request);
    try {
      await followed.#read(request);
      return followed;
    } catch (error) {
      followed[Symbol.dispose]();
      throw error;
    }
  }

  private constructor({ view, sources, records, onGap }: FollowedViewRequest<V>) {
    this.view = view;
    this.#records = records;
    const followed = new Set(sources.map(({ arn }) => arn));
    this.#unsubscribe = records.subscribe({
      notified: (entry) => {
        if (!followed.has(entry.datasetArn)) return;
        if (this.#waiting) this.#waiting.push(entry);
        else this.#apply(entry);
      },
      gap: () => {
        this.#hasGap = true;
        onGap();
      },
    });
  }

  /** Whether it should be read again: after a gap in the log, or because the view says so. */
  get isStale(): boolean {
    return this.#hasGap || this.view.isStale === true;
  }

  /** Ends the following. */
  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  async #read({ sources, workFolder, signal, ...storage }: FollowedViewRequest<V>): Promise<void> {
    const folder = join(workFolder, `view-${randomUUID()}`);
    try {
      const pinned = new Map<string, DatasetSnapshot>();
      for (const [index, { arn, rows }] of sources.entries()) {
        const request = { datasetArn: arn, rows, folder: join(folder, String(index)), signal };
        pinned.set(arn, await pinDataset({ ...storage, ...request }));
      }
      const of = (arn: string) => pinned.get(arn) ?? { files: [], watermark: 0 };
      signal.throwIfAborted();
      await this.view.read({ of, temporaryFolder: join(folder, 'spilled') }, signal);
      await this.#catchUp(of);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Applies what came meanwhile, and what comes while that goes on. */
  async #catchUp(of: (datasetArn: string) => DatasetSnapshot): Promise<void> {
    for (let entry = this.#waiting?.shift(); entry; entry = this.#waiting?.shift()) {
      if (entry.position > of(entry.datasetArn).watermark) this.#apply(entry);
      await letOthersRun();
    }
    this.#waiting = undefined;
  }

  #apply(entry: LogEntry): void {
    this.view.apply(entry, this.#records.layouts.known(entry.layout));
  }
}
