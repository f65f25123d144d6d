import { requireMaskFor } from '../../model/item-mask.ts';
import type { ListQuery, ListRank, PopularItemsModel, RankedItems } from '../../model/item-model.ts';
import { uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { ItemRanking } from './item-ranking.ts';

export class PopularityModel implements PopularItemsModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly #popular: ItemRanking;

  constructor({ items, learned }: ModelContent) {
    this.items = items;
    this.#popular = new ItemRanking(uint32Tensor(learned, 'popular'), items.size);
    this.bytes = items.bytes + this.#popular.bytes;
  }

  async recommend(query: ListQuery): Promise<RankedItems> {
    requireMaskFor(this, query);
    return { items: this.#popular.first(query) };
  }

  rankOf(item: number): ListRank {
    return { list: 'popular', rank: this.#popular.indexOf(item) + 1 };
  }
}
