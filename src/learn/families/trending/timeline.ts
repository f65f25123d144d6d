import { type Histories, historyOf, interactionCount, userCount } from '../../histories/histories.ts';
import { IntervalCounts } from './interval-counts.ts';

/** Interactions in the order of time. */
export type Timeline = {
  readonly items: Uint32Array;
  /** Seconds since the epoch. */
  readonly times: Float64Array;
};

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

/**
 * From when on lists are measured, and the newest time, in seconds since the epoch: the newest tenth of the
 * interactions, but an interval at least, as far as there is one before it.
 */
export function measuredPeriod(histories: Histories, seconds: number): { from: number; newest: number } {
  const times = sortedTimes(histories);
  const [oldest, newest] = [times.at(0) ?? 0, times.at(-1) ?? 0];
  const tenth = times[Math.floor(learnedShare * times.length)] ?? 0;
  return { from: Math.max(Math.min(tenth, newest - seconds), oldest + seconds), newest };
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

/** The interactions from a time on; those of one second by user. */
export function timelineFrom(histories: Histories, since: number): Timeline {
  const slots: number[] = [];
  for (let user = 0; user < userCount(histories); user++) {
    for (let slot = histories.ends[user] - 1; slot >= histories.starts[user]; slot--) {
      if (histories.timestamps[slot] < since) break;
      slots.push(slot);
    }
  }
  slots.sort((one, other) => histories.timestamps[one] - histories.timestamps[other] || one - other);
  return {
    items: Uint32Array.from(slots, (slot) => histories.items[slot]),
    times: Float64Array.from(slots, (slot) => histories.timestamps[slot]),
  };
}

/** The moments from one on, an interval apart, each with a whole interval after it. */
export function* momentsFrom({ items, times }: Timeline, from: number, seconds: number): Generator<Moment> {
  const counts = new IntervalCounts(seconds);
  let [begin, middle] = [firstAt(times, from - seconds), 0];
  for (let end = from; end + seconds <= times[times.length - 1]; end += seconds) {
    for (; middle < times.length && times[middle] < end; middle++) counts.add(items[middle], times[middle]);
    const next = firstAt(times, end + seconds);
    yield { counts, last: items.subarray(begin, middle), next: items.subarray(middle, next) };
    begin = middle;
  }
}

/** The index of the first time that is not before a moment. */
function firstAt(times: Float64Array, moment: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
