import type { History } from '../../histories/histories.ts';
import type { Ranking } from '../../model/model.ts';
import { uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent, RecipeModel } from '../../recipes/recipe.ts';
import { firstWithout } from './popular-items.ts';

export class PopularityModel implements RecipeModel {
  readonly bytes: number;
  readonly #items: Vocabulary;
  readonly #popular: Uint32Array;
  /** Item → place in the list. */
  readonly #places: Uint32Array;

  constructor({ items, learned }: ModelContent) {
    this.#items = items;
    this.#popular = uint32Tensor(learned, 'popular');
    this.#places = new Uint32Array(this.#popular.length);
    this.#popular.forEach((item, place) => {
      this.#places[item] = place;
    });
    this.bytes = items.bytes + this.#popular.byteLength + this.#places.byteLength;
  }

  async recommend({ count }: { readonly count: number }): Promise<Ranking> {
    return { items: Array.from(this.#popular.subarray(0, count), (item) => this.#items.id(item)) };
  }

  /** By popularity; the recipe shows no scores, unknown items come last. */
  async rank({ items }: { readonly items: readonly string[] }): Promise<Ranking> {
    const place = (id: string) => this.#places[this.#items.indexOf(id)] ?? this.#places.length;
    return { items: [...new Set(items)].sort((a, b) => place(a) - place(b)) };
  }

  async recommendTo(history: History, count: number, excluded: Uint32Array = history.items): Promise<Uint32Array> {
    return firstWithout(this.#popular, new Set(excluded), count);
  }
}
