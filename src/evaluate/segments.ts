import type { Query } from '../learn/metrics/split.ts';
import type { Trial } from './trial.ts';

/** A part of the questions: those of some users, or those for some items. */
export type Segment = {
  readonly name: string;
  /** Whether finding this item for this query belongs to the segment. */
  holds(query: Query, item: number): boolean;
};

/** With fewer interactions than this, an item (in training) or a user (in the input) is cold. */
const warmFrom = 5;
/** The most popular fifth of the items with interactions is the head, the others are the tail. */
const headShare = 0.2;

export function segmentsOf({ counts }: Trial): readonly Segment[] {
  const trained = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const head = Math.ceil(headShare * trained);
  return [
    { name: 'head items', holds: (_, item) => item < head },
    { name: 'tail items', holds: (_, item) => item >= head },
    { name: 'cold items', holds: (_, item) => (counts[item] ?? 0) < warmFrom },
    { name: 'cold users', holds: ({ input }) => input.items.length < warmFrom },
    { name: 'warm users', holds: ({ input }) => input.items.length >= warmFrom },
  ];
}
