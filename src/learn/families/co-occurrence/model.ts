import type { RelatedItemsModel } from '../../model/item-model.ts';
import { uint32Tensor } from '../../model/model-content.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { RelatedThenPopular } from '../popularity/related-then-popular.ts';

/** The model of `aws-sims`: nothing is related to an item with too little data. */
export function openSims(content: ModelContent): RelatedItemsModel {
  const offsets = uint32Tensor(content.learned, 'related_offsets');
  const related = uint32Tensor(content.learned, 'related_items');
  return new RelatedThenPopular(content, (item) => related.subarray(offsets[item], offsets[item + 1]));
}
