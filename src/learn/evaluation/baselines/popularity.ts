import type { Contender } from '../contender.ts';
import { rankingByScores } from './ranking-by-scores.ts';

/** The items with the most training interactions, the same for everyone: the order of the indexes. */
export const popularity: Contender = {
  name: 'popularity',
  kind: 'baseline',
  seeded: false,
  fit: async ({ items }) => rankingByScores(items.size, () => {}),
};
