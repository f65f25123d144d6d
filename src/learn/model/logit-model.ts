import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProductRanker } from '../kernels/product-ranker.ts';
import type { BestRows, VectorQuery, VectorRanker } from '../kernels/vector-ranker.ts';
import { ExplainedItems } from './explained-items.ts';
import { logitsOf } from './extra-scores.ts';
import { eligibleCount, type ItemMask, requireMaskFor } from './item-mask.ts';
import type { RankedItems, RequestingUser, UserModel, UserQuery } from './item-model.ts';
import type { LogitModelOptions } from './logit-model-options.ts';
import type { ExplainedItem, ExplainedLogits } from './logit-parts.ts';
import { microBatched } from './micro-batch.ts';
import type { DescribedItem, UserRequest } from './model.ts';
import type { Vocabulary } from './vocabulary.ts';

type Query = Parameters<UserModel['recommend']>[0];
type ScoredQuery = VectorQuery & { readonly limit: number; readonly summing: boolean };

/**
 * Ranks items by logits, whose softmax is the score (spec runtime.md §7). Queries asked in one turn of the event loop
 * are answered together, which costs less than one after the other.
 */
export class LogitModel implements UserModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly warmItems: number;
  readonly #options: LogitModelOptions;
  readonly #vectorOf: (user: UserQuery) => Promise<Float32Array>;
  readonly #bestOf: (query: ScoredQuery) => Promise<BestRows>;

  constructor(options: LogitModelOptions) {
    this.#options = options;
    this.items = options.items;
    this.warmItems = options.warmItems;
    this.bytes = options.items.bytes + options.users.bytes + options.bytes;
    this.#vectorOf = microBatched((users: readonly UserQuery[]) => options.vectorsOf(users));
    this.#bestOf = microBatched((queries: readonly ScoredQuery[]) => {
      const limit = queries.reduce((most, query) => Math.max(most, query.limit), 0);
      const how = { summing: queries.some(({ summing }) => summing) };
      const { ranker, rankerOfMany } = options;
      return rankerOfMany ? rankMany(ranker, rankerOfMany, queries, limit, how) : ranker.rank(queries, limit, how);
    });
  }

  async recommend(query: Query): Promise<RankedItems> {
    const { rankedItems, coldLogit } = this.#options;
    requireMaskFor(this, query);
    const { count, eligible, extraItems, orderOnly = false } = query;
    const vector = await this.#vectorOf(query.user);
    const { rows, scores, logSum } = await this.#best(query, vector, count, [rankedItems, this.items.size]);
    const missing = Math.min(count, eligible ? eligibleCount(eligible, count) : this.items.size) - rows.length;
    const rest = missing > 0 ? await this.#best(query, vector, missing, [0, rankedItems]) : undefined;
    const items = rest ? joined(rows, rest.rows) : rows;
    if (orderOnly) return { items };
    const extra = extraItems && logitsOf(vector, extraItems, coldLogit);
    return { items, logits: { values: scores, logSum, extra } };
  }

  userOf(request: UserRequest): RequestingUser {
    return this.#options.users.find(request);
  }

  vectorsOf(described: readonly DescribedItem[]): Float32Array {
    const { items, itemVectors, vectorOfNew } = this.#options;
    const width = itemVectors.length / items.size;
    const vectors = new Float32Array(described.length * width);
    described.forEach(({ id, metadata }, n) => {
      const index = items.indexOf(id);
      if (index >= 0) vectors.set(itemVectors.subarray(index * width, (index + 1) * width), n * width);
      else if (metadata && vectorOfNew) vectors.set(vectorOfNew(metadata), n * width);
    });
    return vectors;
  }

  async explain(
    users: readonly UserQuery[],
    items: readonly ExplainedItem[],
    eligible?: ItemMask,
  ): Promise<readonly ExplainedLogits[]> {
    requireMaskFor(this, { eligible });
    const { rankedItems } = this.#options;
    const explained = new ExplainedItems(this, this.#options, items, eligible);
    const vectors = await Promise.all(users.map((user) => this.#vectorOf(user)));
    const answers: ExplainedLogits[] = [];
    for (const [n, user] of users.entries()) {
      await nextTurn();
      const query = { user, count: 1, eligible };
      const { logSum } = await this.#best(query, vectors[n], 1, [rankedItems, this.items.size]);
      await nextTurn();
      answers.push({ ...explained.of(user, vectors[n]), logSum });
    }
    return answers;
  }

  /** The best items, those with an index in `[from, to)` left out. */
  async #best(
    { user, eligible, orderOnly = false }: Query,
    vector: Float32Array,
    limit: number,
    [from, to]: readonly [from: number, to: number],
  ): Promise<BestRows> {
    const { rows, scores, logSum } = await this.#bestOf({
      vector,
      begin: (logits) => {
        this.#options.begin(user, logits);
        logits.fill(Number.NEGATIVE_INFINITY, from, to);
      },
      eligible: eligible?.words,
      limit,
      summing: !orderOnly,
    });
    // A query that was answered together with others may get as many items as they wanted.
    return { rows: rows.subarray(0, limit), scores: scores.subarray(0, limit), logSum };
  }
}

/** What a query gets does not depend on how many others there are. */
async function rankMany(
  ranker: VectorRanker,
  rankerOfMany: ProductRanker,
  queries: readonly ScoredQuery[],
  limit: number,
  how: { readonly summing: boolean },
): Promise<BestRows[]> {
  const lookedUp: number[] = [];
  const multiplied: number[] = [];
  for (const [n, query] of queries.entries()) (ranker.looksUp(query) ? lookedUp : multiplied).push(n);
  const best: BestRows[] = [];
  const place = (indexes: readonly number[], ranked: readonly BestRows[]) => {
    for (const [n, index] of indexes.entries()) best[index] = ranked[n];
  };
  const queriesAt = (indexes: readonly number[]) => indexes.map((n) => queries[n]);
  place(multiplied, await rankerOfMany.rank(queriesAt(multiplied), limit, how));
  place(lookedUp, ranker.rank(queriesAt(lookedUp), limit, how));
  return best;
}

function joined(first: Uint32Array, second: Uint32Array): Uint32Array {
  const both = new Uint32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
