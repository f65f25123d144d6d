import { type History, noHistory } from '../histories.ts';
import { codesOf, type InteractionColumn } from '../interaction-columns.ts';
import { topK } from '../kernels/top-k.ts';
import type { Context, Ranked, RankQuery, RecommendQuery } from '../model.ts';
import type { RecipeModel } from '../recipe.ts';
import { Vocabulary } from '../vocabulary.ts';
import { softmax } from './softmax.ts';

/** What tells one model from another. */
export type LogitModelParts = {
  readonly items: Vocabulary;
  readonly users?: Vocabulary | undefined;
  /** The columns of the interactions of which a request's context tells. */
  readonly columns?: readonly InteractionColumn[] | undefined;
  /** Items with a lower index have interactions: only they get a score in a user's order of given items. */
  readonly interacted: number;
  /** Likewise for recommendations, where the others come last. */
  readonly scored: number;
  /** Memory of what `logits` answers from. */
  readonly bytes: number;
  /** A user of the training, as of then. */
  historyOf(user: number): History;
  /** A logit an item for someone with this history, who asks with this code of each column, in an array that nothing else writes. */
  logits(history: History, asked: Uint8Array): Promise<Float32Array>;
};

/** Ranks items by logits, whose softmax is the score (spec runtime.md §7). */
export class LogitModel implements RecipeModel {
  readonly bytes: number;
  readonly #parts: LogitModelParts;
  readonly #users: Vocabulary;

  constructor(parts: LogitModelParts) {
    this.#parts = parts;
    this.#users = parts.users ?? Vocabulary.of([]);
    this.bytes = parts.items.bytes + this.#users.bytes + parts.bytes;
  }

  async recommend({ userId, count, context }: RecommendQuery): Promise<Ranked> {
    const { items, scored } = this.#parts;
    const logits = await this.#logitsOf(userId, context);
    const candidates = logits.subarray(0, scored);
    const best = topK(candidates, count);
    const rest = topK(logits.subarray(scored), count - best.length).map((place) => scored + place);
    return {
      items: Array.from([...best, ...rest], (item) => items.id(item)),
      scores: [...softmax(candidates, best), ...Array.from(rest, () => null)],
    };
  }

  /** Items that the model does not know, or knows no interaction of, come last, in the order given and without a score. */
  async rank({ userId, items, context }: RankQuery): Promise<Ranked> {
    const ids = [...new Set(items)];
    const indexes = ids.map((id) => this.#parts.items.indexOf(id));
    const known = (index: number) => index >= 0 && index < this.#parts.interacted;
    const logits = await this.#logitsOf(userId, context);
    const candidates = Float32Array.from(indexes.filter(known), (index) => logits[index] ?? 0);
    const order = topK(candidates, candidates.length);
    const scored = ids.filter((_, n) => known(indexes[n] ?? -1));
    const unscored = ids.filter((_, n) => !known(indexes[n] ?? -1));
    return {
      items: [...Array.from(order, (n) => scored[n] ?? ''), ...unscored],
      scores: [...softmax(candidates, order), ...unscored.map(() => null)],
    };
  }

  async recommendTo(history: History, count: number, excluded: Uint32Array = history.items): Promise<Uint32Array> {
    const leftOut = new Uint8Array(this.#parts.items.size);
    for (const item of excluded) leftOut[item] = 1;
    return topK(await this.#parts.logits(history, new Uint8Array()), count, leftOut);
  }

  /** For a user whom the training did not know: without a history. */
  #logitsOf(userId: string | undefined, context: Context = {}): Promise<Float32Array> {
    const user = userId === undefined ? -1 : this.#users.indexOf(userId);
    const asked = codesOf(this.#parts.columns ?? [], context);
    return this.#parts.logits(user < 0 ? noHistory : this.#parts.historyOf(user), asked);
  }
}
