import type { Eligible } from '../eligibility/eligible.ts';
import type { ExploredRanking } from '../exploration/explorer.ts';

export type ShortList = {
  readonly answer: ExploredRanking;
  /** How many items are wanted. */
  readonly count: number;
  /** Undefined where no filter says what the list may have: then it is not short for one. */
  readonly eligible?: Pick<Eligible, 'others'> | undefined;
};

/**
 * A list that a narrow filter left short, with items behind it that the filter lets pass and the model does not know,
 * as the recipes do that give reasons (spec recipes.md §2.1). They have no scores.
 */
export function toppedUp({ answer, count, eligible }: ShortList): ExploredRanking {
  const { items, scores, explored = [] } = answer;
  const missing = count - items.length;
  if (!eligible || missing <= 0) return answer;
  // Exploration may have brought some of them already.
  const others = eligible
    .others(missing + explored.length)
    .filter((id) => !items.includes(id))
    .slice(0, missing);
  if (others.length === 0) return answer;
  return { ...answer, items: [...items, ...others], ...(scores && { scores: [...scores, ...others.map(() => null)] }) };
}
