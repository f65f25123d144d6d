import type { Parameters } from '../../recipes/parameter-values.ts';

const hour = 3600;

/** By the catalogue's words, in seconds. */
const intervals: ReadonlyMap<string, number> = new Map([
  ['30 minutes', hour / 2],
  ['1 hour', hour],
  ['2 hours', 2 * hour],
  ['3 hours', 3 * hour],
  ['1 day', 24 * hour],
]);

/** The words of `trend_discovery_frequency` (spec recipes.md §2.8). */
export const discoveryFrequencies: readonly string[] = [...intervals.keys()];

/** How long the intervals are that are compared, in seconds. @throws Error for a word that is not in the catalogue */
export function intervalOf(parameters: Parameters): number {
  const word = parameters.word('trend_discovery_frequency');
  const seconds = intervals.get(word);
  if (seconds === undefined) throw new Error(`There is no trend_discovery_frequency ${word}.`);
  return seconds;
}
