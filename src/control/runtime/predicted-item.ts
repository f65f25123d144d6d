import type { Reason } from '../../serve/answers/reasons.ts';
import { roundedScore } from '../../serve/answers/rounded-score.ts';
import type { ExploredRanking } from '../../serve/exploration/explorer.ts';

/** An item of an answer as the API writes it; members that it lacks are left out (spec runtime.md §1). */
export type PredictedItem = {
  readonly itemId: string;
  readonly score?: number;
  readonly promotionName?: string;
  readonly reason?: string[];
  readonly metadata?: Record<string, string>;
};

/**
 * The items of a model's list. Scores have 7 decimals; an item without one, or without a reason, has no such member
 * (spec runtime.md §7).
 *
 * @param hidesScores of a recommender, which shows none
 * @param reasonOf says why an item is at a position; absent where the recipe gives no reasons
 */
export function predictedItems(
  { items, scores }: Pick<ExploredRanking, 'items' | 'scores'>,
  hidesScores: boolean,
  reasonOf?: (position: number) => Reason | undefined,
): PredictedItem[] {
  return items.map((itemId, position) => {
    const score = hidesScores ? null : (scores?.[position] ?? null);
    const reason = reasonOf?.(position);
    return {
      itemId,
      ...(score !== null && { score: roundedScore(score) }),
      ...(reason && { reason: [reason] }),
    };
  });
}
