import { partOf } from '../../serve/batch/batch-tasks.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { type BatchPlan, type PlannedRange, partsPrefix } from './batch-plan.ts';

/** How often a worker looks at what others have done. */
const lookEveryMs = 10_000;
/** Worth a line in the log. */
const logEvery = 0.1;

type Watched = {
  readonly plan: BatchPlan;
  readonly work: string;
  /** Positions of the ranges of this worker's share: from the first up to, and without, the second. */
  readonly share: readonly [number, number];
  readonly progress: Progress;
};

/** How far a batch job is, all of its shares together. */
export class JobProgress {
  readonly #parts: Pick<Context, 'store' | 'clock'>;
  readonly #watched: Watched;
  readonly #total: number;
  #bytesOfOthers = 0;
  #lookedAt = 0;
  #looking = false;
  #logged = 0;

  constructor(parts: Pick<Context, 'store' | 'clock'>, watched: Watched) {
    this.#parts = parts;
    this.#watched = watched;
    this.#total = bytesOf(watched.plan.ranges);
  }

  /** Positions of the ranges whose output is in the store. */
  async look(): Promise<ReadonlySet<number>> {
    const { plan, work, share } = this.#watched;
    const prefix = partsPrefix(work);
    const done = new Set<number>();
    for await (const { key } of this.#parts.store.list(prefix)) {
      const part = partOf(key.slice(prefix.length));
      if (part) done.add(Number(part.range));
    }
    this.#bytesOfOthers = bytesOf(
      plan.ranges.filter((_, position) => done.has(position) && (position < share[0] || position >= share[1])),
    );
    this.#lookedAt = this.#parts.clock.now();
    return done;
  }

  /** Progress of the rest of the worker's share, as that of the whole job. */
  ofShare(left: readonly PlannedRange[]): Progress {
    const { plan, share, progress } = this.#watched;
    const leftBytes = bytesOf(left);
    const before = bytesOf(plan.ranges.slice(...share)) - leftBytes;
    return {
      signal: progress.signal,
      report: (fraction, note, figures) => {
        this.#lookNowAndThen();
        const all = (this.#bytesOfOthers + before + fraction * leftBytes) / this.#total;
        const isNews = figures !== undefined || all >= this.#logged + logEvery;
        if (isNews) this.#logged = all;
        progress.report(all, note, isNews ? (figures ?? {}) : undefined);
      },
    };
  }

  #lookNowAndThen(): void {
    if (this.#looking || this.#parts.clock.now() - this.#lookedAt < lookEveryMs) return;
    this.#looking = true;
    // What others have done is for show: the next look may see it.
    void this.look()
      .catch(() => {})
      .finally(() => {
        this.#looking = false;
      });
  }
}

const bytesOf = (ranges: readonly PlannedRange[]): number =>
  ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
