import type { RelatedItemsModel } from '../../model/item-model.ts';
import { constant, float32Tensor, uint32Tensor } from '../../model/model-content.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { RelatedThenPopular } from '../popularity/related-then-popular.ts';

/** The model of `aws-similar-items`: how much popularity weighs is a matter of the answer. */
export function openSimilarItems(content: ModelContent): RelatedItemsModel {
  const { learned } = content;
  const offsets = uint32Tensor(learned, 'related_offsets');
  const allRelated = uint32Tensor(learned, 'related_items');
  const scores = float32Tensor(learned, 'related_scores');
  const popularities = float32Tensor(learned, 'log_popularity');
  const interactedItems = constant(learned, 'interacted_items');
  const weights = {
    warm: constant(learned, 'popularity_weight'),
    cold: constant(learned, 'popularity_weight_cold'),
  };
  return new RelatedThenPopular(content, (item) => {
    const [begin, end] = [offsets[item], offsets[item + 1]];
    const related = allRelated.subarray(begin, end);
    const weight = item < interactedItems ? weights.warm : weights.cold;
    const logits = scores.subarray(begin, end).map((score, n) => score + weight * popularities[related[n]]);
    const order = Uint32Array.from(related.keys()).sort((one, other) => logits[other] - logits[one] || one - other);
    return order.map((n) => related[n]);
  });
}
