import type { History } from '../../learn/histories/histories.ts';
import { topK } from '../../learn/kernels/top-k.ts';
import type { Ranker } from '../candidate-model.ts';

/**
 * Ranks by the scores that `score` adds up for an input, one an item, all 0 before. Ties go to the item with more
 * training interactions, which has the lower index: also those of items with the score 0, which thus follow by
 * popularity.
 */
export function rankingByScores(items: number, score: (input: History, scores: Float32Array) => void): Ranker {
  const scores = new Float32Array(items);
  return {
    async rank(queries, count) {
      return queries.map(({ input, eligible }) => {
        scores.fill(0);
        score(input, scores);
        return topK(scores, count, eligible?.words);
      });
    },
  };
}
