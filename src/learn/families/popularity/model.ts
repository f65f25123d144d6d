import { requireMaskFor } from '../../model/item-mask.ts';
import type { ListQuery, ListRank, PopularItemsModel, RankedItems } from '../../model/item-model.ts';
import { uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { firstEligible } from './popular-items.ts';

export class PopularityModel implements PopularItemsModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly #popular: Uint32Array;

  constructor({ items, learned }: ModelContent) {
    this.items = items;
    this.#popular = uint32Tensor(learned, 'popular');
    this.bytes = items.bytes + this.#popular.byteLength;
  }

  async recommend(query: ListQuery): Promise<RankedItems> {
    requireMaskFor(this, query);
    return { items: firstEligible(this.#popular, query) };
  }

  rankOf(item: number): ListRank {
    return { list: 'popular', rank: this.#popular.indexOf(item) + 1 };
  }
}
