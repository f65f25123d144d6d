import { requireMaskFor } from '../../model/item-mask.ts';
import type { ListQuery, ListRank, RankedItems, RelatedItemsModel } from '../../model/item-model.ts';
import { constant, float32Tensor, tensorBytes, uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { ItemRanking } from '../popularity/item-ranking.ts';
import { popularAfter } from '../popularity/popular-after.ts';

export class SimilarItemsModel implements RelatedItemsModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly #offsets: Uint32Array;
  readonly #related: Uint32Array;
  readonly #scores: Float32Array;
  readonly #popularities: Float32Array;
  readonly #popularityWeights: { readonly warm: number; readonly cold: number };
  readonly #interactedItems: number;
  readonly #popular: ItemRanking;

  constructor({ items, learned }: ModelContent) {
    this.items = items;
    this.#offsets = uint32Tensor(learned, 'related_offsets');
    this.#related = uint32Tensor(learned, 'related_items');
    this.#scores = float32Tensor(learned, 'related_scores');
    this.#popularities = float32Tensor(learned, 'log_popularity');
    this.#popularityWeights = {
      warm: constant(learned, 'popularity_weight'),
      cold: constant(learned, 'popularity_weight_cold'),
    };
    this.#interactedItems = constant(learned, 'interacted_items');
    this.#popular = new ItemRanking(uint32Tensor(learned, 'popular'), items.size);
    this.bytes = items.bytes + tensorBytes(learned) + 4 * items.size;
  }

  /** The related items of an item, then popular ones; popular ones alone where it is unknown. */
  async recommend(query: ListQuery & { readonly item: number }): Promise<RankedItems> {
    requireMaskFor(this, query);
    return { items: popularAfter(this.#relatedTo(query.item), this.#popular, query) };
  }

  rankOf(item: number, beside: number): ListRank {
    const related = this.#relatedTo(beside).indexOf(item);
    if (related >= 0) return { list: 'related', rank: related + 1 };
    return { list: 'popular', rank: this.#popular.indexOf(item) + 1 };
  }

  /** Best first under the discount of popularity. */
  #relatedTo(item: number): Uint32Array {
    if (item < 0) return this.#related.subarray(0, 0);
    const [begin, end] = [this.#offsets[item], this.#offsets[item + 1]];
    const related = this.#related.subarray(begin, end);
    const { warm, cold } = this.#popularityWeights;
    const weight = item < this.#interactedItems ? warm : cold;
    const logits = this.#scores.subarray(begin, end).map((score, n) => score + weight * this.#popularities[related[n]]);
    const order = Uint32Array.from(related.keys()).sort((one, other) => logits[other] - logits[one] || one - other);
    return order.map((n) => related[n]);
  }
}
