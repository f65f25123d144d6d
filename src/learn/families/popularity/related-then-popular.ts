import { isEligible, requireMaskFor } from '../../model/item-mask.ts';
import type { ListQuery, ListRank, RankedItems, RelatedItemsModel } from '../../model/item-model.ts';
import { tensorBytes, uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { ItemRanking } from './item-ranking.ts';

/** Answers with the items that are related to an item, then with popular ones, and never with the item itself. */
export class RelatedThenPopular implements RelatedItemsModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly #relatedTo: (item: number) => Uint32Array;
  readonly #popular: ItemRanking;

  /**
   * @param content with the tensor `popular`: all items, the most popular first
   * @param relatedTo the items related to one, best first; is not asked about unknown ones
   */
  constructor({ items, learned }: ModelContent, relatedTo: (item: number) => Uint32Array) {
    this.items = items;
    this.#relatedTo = relatedTo;
    this.#popular = new ItemRanking(uint32Tensor(learned, 'popular'), items.size);
    this.bytes = items.bytes + tensorBytes(learned) + 4 * items.size;
  }

  /** Popular items alone where the item is unknown or nothing is related to it. */
  async recommend(query: ListQuery & { readonly item: number }): Promise<RankedItems> {
    requireMaskFor(this, query);
    const { item: seed, count, eligible } = query;
    const found = new Set<number>();
    const take = (ranking: Uint32Array) => {
      for (const item of ranking) {
        if (found.size === count) return;
        if (item !== seed && (eligible === undefined || isEligible(eligible, item))) found.add(item);
      }
    };
    take(this.#related(seed));
    // Those that are there already, and the item itself, may be among the popular ones.
    if (found.size < count) take(this.#popular.first({ count: count + found.size + 1, eligible }));
    return { items: Uint32Array.from(found) };
  }

  rankOf(item: number, beside: number): ListRank {
    const related = this.#related(beside).indexOf(item);
    if (related >= 0) return { list: 'related', rank: related + 1 };
    return { list: 'popular', rank: this.#popular.indexOf(item) + 1 };
  }

  #related(item: number): Uint32Array {
    return item < 0 ? nothing : this.#relatedTo(item);
  }
}

const nothing = new Uint32Array();
