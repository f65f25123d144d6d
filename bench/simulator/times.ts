import type { Visit } from './world.ts';

/** When day 0 begins, in seconds since the epoch: long enough ago that all that happens has happened before now. */
const dayZero = Date.UTC(2026, 0, 1) / 1000;
export const secondsADay = 86_400;

export const beginningOf = (day: number): number => dayZero + day * secondsADay;

/** When the n-th item of a page is taken: a page takes three minutes. */
export const takenAt = (visit: Visit, page: number, n: number): number =>
  beginningOf(visit.day) + visit.second + 180 * page + 10 * n;
