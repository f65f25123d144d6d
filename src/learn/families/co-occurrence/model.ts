import type { History } from '../../histories/histories.ts';
import type { Ranking } from '../../model/model.ts';
import { tensorBytes, uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent, RecipeModel } from '../../recipes/recipe.ts';

export class SimsModel implements RecipeModel {
  readonly bytes: number;
  readonly #items: Vocabulary;
  readonly #offsets: Uint32Array;
  readonly #related: Uint32Array;
  readonly #popular: Uint32Array;

  constructor({ items, learned }: ModelContent) {
    this.#items = items;
    this.#offsets = uint32Tensor(learned, 'related_offsets');
    this.#related = uint32Tensor(learned, 'related_items');
    this.#popular = uint32Tensor(learned, 'popular');
    this.bytes = items.bytes + tensorBytes(learned);
  }

  /** Items beside `itemId`; those of an item that is unknown or has too little data are the popular ones. */
  async recommend({ itemId, count }: { readonly itemId?: string; readonly count: number }): Promise<Ranking> {
    const seed = itemId === undefined ? -1 : this.#items.indexOf(itemId);
    return { items: Array.from(this.#beside(seed, new Set([seed]), count), (item) => this.#items.id(item)) };
  }

  /** As given: without an item to relate them to there is no order. */
  async rank({ items }: { readonly items: readonly string[] }): Promise<Ranking> {
    return { items: [...new Set(items)] };
  }

  async recommendTo(history: History, count: number, excluded: Uint32Array = history.items): Promise<Uint32Array> {
    return this.#beside(history.items.at(-1) ?? -1, new Set(excluded), count);
  }

  /** The related items of `seed`, then popular ones, without `excluded`. */
  #beside(seed: number, excluded: ReadonlySet<number>, count: number): Uint32Array {
    const found = new Set<number>();
    const take = (ranking: Uint32Array) => {
      for (const item of ranking) {
        if (found.size === count) return;
        if (!excluded.has(item)) found.add(item);
      }
    };
    if (seed >= 0) take(this.#related.subarray(this.#offsets[seed], this.#offsets[seed + 1]));
    take(this.#popular);
    return Uint32Array.from(found);
  }
}
