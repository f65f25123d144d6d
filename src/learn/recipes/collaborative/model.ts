import type { History } from '../../histories.ts';
import { FactorScorer } from '../../kernels/factor-scorer.ts';
import { topK } from '../../kernels/top-k.ts';
import type { Ranked } from '../../model.ts';
import { constant, float32Tensor, uint32Tensor } from '../../model-content.ts';
import type { ModelContent, RecipeModel } from '../../recipe.ts';
import { Vocabulary } from '../../vocabulary.ts';
import { foldIn } from './fold-in.ts';
import { objectiveOf } from './objective.ts';
import { softmax } from './softmax.ts';

/** Ranks by factors × history and popularity; the weights of the two make the logits of a softmax (spec runtime.md §7). */
export class CollaborativeModel implements RecipeModel {
  readonly bytes: number;
  readonly #items: Vocabulary;
  readonly #users: Vocabulary;
  readonly #scorer: FactorScorer;
  readonly #popularity: Float32Array;
  readonly #unknownUser: Float32Array;
  readonly #historyOffsets: Uint32Array;
  readonly #historyItems: Uint32Array;
  readonly #weights: { readonly factors: number; readonly popularity: number };
  readonly #historyLength: number;
  /** Items with a lower index have interactions. */
  readonly #interacted: number;
  /** Reused from call to call. */
  readonly #logits: Float32Array;

  constructor({ items, users, learned }: ModelContent) {
    this.#items = items;
    this.#users = users ?? Vocabulary.of([]);
    const itemFactors = float32Tensor(learned, 'item_factors');
    this.#scorer = new FactorScorer({ ...objectiveOf(learned), itemFactors, factors: itemFactors.length / items.size });
    this.#popularity = float32Tensor(learned, 'log_popularity');
    this.#unknownUser = float32Tensor(learned, 'log_popularity_unknown_user');
    this.#historyOffsets = uint32Tensor(learned, 'history_offsets');
    this.#historyItems = uint32Tensor(learned, 'history_items');
    this.#weights = {
      factors: constant(learned, 'factors_weight'),
      popularity: constant(learned, 'popularity_weight'),
    };
    this.#historyLength = constant(learned, 'history_length');
    this.#interacted = constant(learned, 'interacted_items');
    this.#logits = new Float32Array(items.size);
    const arrays = [this.#popularity, this.#unknownUser, this.#historyOffsets, this.#historyItems, this.#logits];
    this.bytes =
      items.bytes + this.#users.bytes + this.#scorer.bytes + arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  recommend({ userId, count }: { readonly userId?: string; readonly count: number }): Ranked {
    const logits = this.#logitsOf(this.#historyOf(userId));
    const best = topK(logits, count);
    const scores = softmax(logits, best);
    return { items: Array.from(best, (item) => this.#items.id(item)), scores: Array.from(scores) };
  }

  /** Items that the model does not know, or knows no interaction of, come last, in the order given and without a score. */
  rank({ userId, items }: { readonly userId: string; readonly items: readonly string[] }): Ranked {
    const ids = [...new Set(items)];
    const indexes = ids.map((id) => this.#items.indexOf(id));
    const known = (index: number) => index >= 0 && index < this.#interacted;
    const logits = this.#logitsOf(this.#historyOf(userId));
    const candidates = Float32Array.from(indexes.filter(known), (index) => logits[index] ?? 0);
    const order = topK(candidates, candidates.length);
    const scored = ids.filter((_, n) => known(indexes[n] ?? -1));
    const unscored = ids.filter((_, n) => !known(indexes[n] ?? -1));
    return {
      items: [...Array.from(order, (n) => scored[n] ?? ''), ...unscored],
      scores: [...softmax(candidates, order), ...unscored.map(() => null)],
    };
  }

  recommendTo(history: History, count: number, excluded: Uint32Array = history.items): Uint32Array {
    const leftOut = new Uint8Array(this.#items.size);
    for (const item of excluded) leftOut[item] = 1;
    return topK(this.#logitsOf(history.items), count, leftOut);
  }

  /** As of the training; empty for a user whom it did not know. */
  #historyOf(userId: string | undefined): Uint32Array {
    const user = userId === undefined ? -1 : this.#users.indexOf(userId);
    return user < 0
      ? new Uint32Array()
      : this.#historyItems.subarray(this.#historyOffsets[user], this.#historyOffsets[user + 1]);
  }

  /** Until the next call. */
  #logitsOf(history: Uint32Array): Float32Array {
    if (history.length === 0) return this.#unknownUser;
    const logits = foldIn(this.#scorer, history, this.#historyLength, this.#logits);
    const { factors, popularity } = this.#weights;
    for (let item = 0; item < logits.length; item++) {
      logits[item] = factors * (logits[item] ?? 0) + popularity * (this.#popularity[item] ?? 0);
    }
    return logits;
  }
}
