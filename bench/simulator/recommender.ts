import type { Visit } from './world.ts';

/** Decides what visitors are shown. Items are their indexes in the world. */
export type Recommender = {
  /** Before anybody comes: the items that are new. */
  beginDay(day: number, arrivals: readonly number[]): Promise<void>;
  /** The best so many for a visitor, best first. */
  recommend(visit: Visit, count: number): Promise<readonly number[]>;
  /** What became of a page. */
  hear(visit: Visit, page: number, shown: readonly number[], taken: readonly number[]): Promise<void>;
  /** After everybody has gone. */
  endDay(): Promise<void>;
};
