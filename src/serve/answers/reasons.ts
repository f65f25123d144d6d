import type { ExploredRanking } from '../exploration/explorer.ts';

/** Why an item is in an answer, where that is not for its rank alone (spec runtime.md §7). */
export type Reason = 'Promoted item' | 'Exploration' | 'Popular item';

/**
 * The reason for the item at each position of a model's list.
 *
 * @param isFiltered whether a filter says what the list may have
 */
export function reasonsOf(
  { explored = [], scores }: Pick<ExploredRanking, 'explored' | 'scores'>,
  isFiltered: boolean,
): (position: number) => Reason | undefined {
  return (position) => {
    if (explored.includes(position)) return 'Exploration';
    // Behind the scored items of a narrow filter come others, to fill the list.
    return isFiltered && scores?.[position] === null ? 'Popular item' : undefined;
  };
}
