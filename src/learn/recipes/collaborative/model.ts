import { gathered } from '../../gathered.ts';
import { noHistory } from '../../histories.ts';
import { FactorScorer } from '../../kernels/factor-scorer.ts';
import { constant, float32Tensor, uint32Tensor } from '../../model-content.ts';
import type { ModelContent, RecipeModel } from '../../recipe.ts';
import { LogitModel } from '../logit-model.ts';
import { factorsOf } from './fold-in.ts';
import { objectiveOf } from './objective.ts';

/** Ranks by factors × history and popularity; the weights of the two make the logits. */
export function openCollaborative({ items, users, learned }: ModelContent): RecipeModel {
  const itemFactors = float32Tensor(learned, 'item_factors');
  const popularity = float32Tensor(learned, 'log_popularity');
  const unknownUser = float32Tensor(learned, 'log_popularity_unknown_user');
  const historyOffsets = uint32Tensor(learned, 'history_offsets');
  const historyItems = uint32Tensor(learned, 'history_items');
  const scorer = new FactorScorer({ ...objectiveOf(learned), itemFactors, factors: itemFactors.length / items.size });
  const scoresOf = gathered((vectors: readonly Float32Array[]) => scorer.scores(vectors));
  const factorsWeight = constant(learned, 'factors_weight');
  const popularityWeight = constant(learned, 'popularity_weight');
  const historyLength = constant(learned, 'history_length');
  const held = [popularity, unknownUser, historyOffsets, historyItems];
  return new LogitModel({
    items,
    users,
    interacted: constant(learned, 'interacted_items'),
    scored: items.size,
    bytes: scorer.bytes + held.reduce((sum, array) => sum + array.byteLength, 0),
    historyOf(user) {
      const known = historyItems.subarray(historyOffsets[user], historyOffsets[user + 1]);
      // The order is all that this model asks of time.
      return { ...noHistory, items: known, timestamps: new Float64Array(known.length) };
    },
    async logits(history) {
      if (history.items.length === 0) return unknownUser;
      const logits = await scoresOf(factorsOf(scorer, history.items, historyLength));
      for (let item = 0; item < logits.length; item++) {
        logits[item] = factorsWeight * (logits[item] ?? 0) + popularityWeight * (popularity[item] ?? 0);
      }
      return logits;
    },
  });
}
