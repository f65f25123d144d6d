import { requireMaskFor } from '../../model/item-mask.ts';
import type { ListQuery, ListRank, RankedItems, RelatedItemsModel } from '../../model/item-model.ts';
import { tensorBytes, uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { ItemRanking } from '../popularity/item-ranking.ts';
import { popularAfter } from '../popularity/popular-after.ts';

export class SimsModel implements RelatedItemsModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly #offsets: Uint32Array;
  readonly #related: Uint32Array;
  readonly #popular: ItemRanking;

  constructor({ items, learned }: ModelContent) {
    this.items = items;
    this.#offsets = uint32Tensor(learned, 'related_offsets');
    this.#related = uint32Tensor(learned, 'related_items');
    this.#popular = new ItemRanking(uint32Tensor(learned, 'popular'), items.size);
    this.bytes = items.bytes + tensorBytes(learned) + 4 * items.size;
  }

  /** The related items of an item, then popular ones; popular ones alone where it is unknown or has too little data. */
  async recommend(query: ListQuery & { readonly item: number }): Promise<RankedItems> {
    requireMaskFor(this, query);
    return { items: popularAfter(this.#relatedTo(query.item), this.#popular, query) };
  }

  rankOf(item: number, beside: number): ListRank {
    const related = this.#relatedTo(beside).indexOf(item);
    if (related >= 0) return { list: 'related', rank: related + 1 };
    return { list: 'popular', rank: this.#popular.indexOf(item) + 1 };
  }

  /** Best first; none for an item that is unknown or has too little data. */
  #relatedTo(item: number): Uint32Array {
    if (item < 0) return this.#related.subarray(0, 0);
    return this.#related.subarray(this.#offsets[item], this.#offsets[item + 1]);
  }
}
