import { type Histories, historyOf, interactionCount, userCount } from '../../histories/histories.ts';
import { IntervalCounts } from './interval-counts.ts';

/** A moment at which an interval ends and another begins. */
export type Moment = {
  /** What had come by then. */
  readonly counts: IntervalCounts;
  /** The items of the interactions in the interval that ends, and in the one that begins. */
  readonly last: Uint32Array;
  readonly next: Uint32Array;
};

/** So much of the interactions, the oldest, comes before what is measured. */
const learnedShare = 0.9;
/** More change the mean of lists no more. */
const mostMoments = 1000;

/**
 * From when on lists are measured, in seconds since the epoch, and how many: the newest tenth of the interactions, but
 * an interval at least, as far as there is one before it.
 */
export function measuredPeriod(histories: Histories, seconds: number): { from: number; moments: number } {
  const times = sortedTimes(histories);
  const [oldest, newest] = [times.at(0) ?? 0, times.at(-1) ?? 0];
  const tenth = times[Math.floor(learnedShare * times.length)] ?? 0;
  const from = Math.max(Math.min(tenth, newest - seconds), oldest + seconds);
  return { from, moments: Math.min(Math.max(Math.floor((newest - from) / seconds), 0), mostMoments) };
}

function sortedTimes(histories: Histories): Float64Array {
  const times = new Float64Array(interactionCount(histories));
  for (let user = 0, at = 0; user < userCount(histories); user++) {
    const { timestamps } = historyOf(histories, user);
    times.set(timestamps, at);
    at += timestamps.length;
  }
  return times.sort();
}

/** The moments of a period, an interval apart, each with a whole interval after it. */
export function* momentsOf(
  histories: Histories,
  { from, moments }: ReturnType<typeof measuredPeriod>,
  seconds: number,
): Generator<Moment> {
  // Two intervals before the first moment, as many as the others know of.
  const { items, times, starts } = byInterval(histories, from - 2 * seconds, seconds, moments + 2);
  const counts = new IntervalCounts(seconds);
  const itemsOf = (interval: number) => items.subarray(starts[interval], starts[interval + 1]);
  for (let interval = 0; interval <= moments; interval++) {
    for (let n = starts[interval]; n < starts[interval + 1]; n++) counts.add(items[n], times[n]);
    if (interval > 0) yield { counts, last: itemsOf(interval), next: itemsOf(interval + 1) };
  }
}

/** The interactions of so many intervals from a time on, one interval after the other. */
function byInterval(histories: Histories, begin: number, seconds: number, intervals: number) {
  const starts = new Uint32Array(intervals + 2);
  const visit = (visitor: (slot: number, interval: number) => void) => {
    for (let user = 0; user < userCount(histories); user++) {
      for (let slot = histories.ends[user] - 1; slot >= histories.starts[user]; slot--) {
        const interval = Math.floor((histories.timestamps[slot] - begin) / seconds);
        if (interval < 0) break;
        if (interval < intervals) visitor(slot, interval);
      }
    }
  };
  visit((_, interval) => {
    starts[interval + 2]++;
  });
  for (let interval = 2; interval < starts.length; interval++) starts[interval] += starts[interval - 1];
  const items = new Uint32Array(starts[intervals + 1]);
  const times = new Float64Array(items.length);
  // Each start is one too far to the right until its interval is full.
  visit((slot, interval) => {
    const at = starts[interval + 1]++;
    items[at] = histories.items[slot];
    times[at] = histories.timestamps[slot];
  });
  return { items, times, starts };
}
