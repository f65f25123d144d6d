import { personOf } from '../../data/identity.ts';
import { type History, noHistory } from '../histories/histories.ts';
import { codesOf, type InteractionColumn } from '../histories/interaction-columns.ts';
import { withRecent } from '../histories/recent-history.ts';
import { logSumExp } from '../kernels/log-sum-exp.ts';
import { topK } from '../kernels/top-k.ts';
import type { BestRows, VectorQuery, VectorRanker } from '../kernels/vector-ranker.ts';
import type { RecipeModel } from '../recipes/recipe.ts';
import { logitsOf } from './extra-scores.ts';
import { microBatched } from './micro-batch.ts';
import type { DescribedItem, HistoryUse, Ranking, RankQuery, RecommendQuery } from './model.ts';
import { probability } from './softmax.ts';
import { Vocabulary } from './vocabulary.ts';

/** Someone with this history, who asks with this code of each column. */
export type UserQuery = { readonly history: History; readonly asked: Uint8Array };

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
  /** Memory of what the model answers from. */
  readonly bytes: number;
  /** A user of the training, as of then. */
  historyOf(user: number): History;
  /** The items' vectors, one after another. */
  readonly itemVectors: Float32Array;
  /** The vector of an item that came after the training; absent where there is nothing to tell it by. */
  readonly vectorOfNew?: ((metadata: ReadonlyMap<string, string>) => Float32Array) | undefined;
  /** The other part of the logit of an item that nobody has had yet. */
  readonly cold: number;
  /** Over the items' vectors. */
  readonly ranker: VectorRanker;
  /** The askers' vectors, whose products with the items' are a part of the logits. */
  vectorsOf(userQueries: readonly UserQuery[]): Promise<readonly Float32Array[]> | readonly Float32Array[];
  /** Writes the other part, an item each. */
  begin(userQuery: UserQuery, logits: Float32Array): void;
};

type ScoredQuery = VectorQuery & { readonly limit: number; readonly summing: boolean };

/**
 * Ranks items by logits, whose softmax is the score (spec runtime.md §7). Questions asked in one turn of the event loop
 * are answered together, which costs less than one after the other.
 */
export class LogitModel implements RecipeModel {
  readonly bytes: number;
  readonly #parts: LogitModelParts;
  readonly #users: Vocabulary;
  readonly #vectorOf: (userQuery: UserQuery) => Promise<Float32Array>;
  readonly #bestOf: (query: ScoredQuery) => Promise<BestRows>;

  constructor(parts: LogitModelParts) {
    this.#parts = parts;
    this.#users = parts.users ?? Vocabulary.of([]);
    this.bytes = parts.items.bytes + this.#users.bytes + parts.bytes;
    this.#vectorOf = microBatched((userQueries: readonly UserQuery[]) => parts.vectorsOf(userQueries));
    this.#bestOf = microBatched((queries: readonly ScoredQuery[]) => {
      const limit = queries.reduce((most, query) => Math.max(most, query.limit), 0);
      return parts.ranker.rank(queries, limit, { summing: queries.some(({ summing }) => summing) });
    });
  }

  async recommend(query: RecommendQuery): Promise<Ranking> {
    const { count, extraItems } = query;
    const { items, scored, cold } = this.#parts;
    const { userQuery, used } = this.#askerOf(query);
    const { rows, scores, logSum, vector } = await this.#best(userQuery, count, (logits) =>
      logits.fill(-Infinity, scored),
    );
    const missing = Math.min(count, items.size) - rows.length;
    const rest =
      missing > 0 ? await this.#best(userQuery, missing, (logits) => logits.fill(-Infinity, 0, scored)) : undefined;
    return {
      items: Array.from([...rows, ...(rest?.rows ?? [])], (item) => items.id(item)),
      scores: [
        ...Array.from(scores, (logit) => probability(logit, logSum)),
        ...Array.from(rest?.rows ?? [], () => null),
      ],
      history: used,
      ...(extraItems && { extraScores: { logits: logitsOf(vector, extraItems, cold), logSum } }),
    };
  }

  vectorsOf(described: readonly DescribedItem[]): Float32Array {
    const { items, itemVectors, vectorOfNew } = this.#parts;
    const width = itemVectors.length / items.size;
    const vectors = new Float32Array(described.length * width);
    described.forEach(({ id, metadata }, n) => {
      const index = items.indexOf(id);
      if (index >= 0) vectors.set(itemVectors.subarray(index * width, (index + 1) * width), n * width);
      else if (metadata && vectorOfNew) vectors.set(vectorOfNew(metadata), n * width);
    });
    return vectors;
  }

  hasInteractions(id: string): boolean {
    const index = this.#parts.items.indexOf(id);
    return index >= 0 && index < this.#parts.interacted;
  }

  /**
   * Items that the model does not know, or knows no interaction of, come last, in the order given and without a score.
   */
  async rank(asked: RankQuery): Promise<Ranking> {
    const ids = [...new Set(asked.items)];
    const indexes = ids.map((id) => this.#parts.items.indexOf(id));
    const known = (index: number) => index >= 0 && index < this.#parts.interacted;
    const { userQuery, used } = this.#askerOf(asked);
    const query = await this.#queryOf(userQuery);
    const logits = this.#parts.ranker.scores(query, Uint32Array.from(indexes.filter(known)));
    const order = topK(logits, logits.length);
    const logSum = logSumExp(logits);
    const scored = ids.filter((_, n) => known(indexes[n] ?? -1));
    const unscored = ids.filter((_, n) => !known(indexes[n] ?? -1));
    return {
      items: [...Array.from(order, (n) => scored[n] ?? ''), ...unscored],
      scores: [...Array.from(order, (n) => probability(logits[n], logSum)), ...unscored.map(() => null)],
      history: used,
    };
  }

  async recommendTo(history: History, count: number, excluded: Uint32Array = history.items): Promise<Uint32Array> {
    const query = await this.#queryOf({ history, asked: new Uint8Array() }, (logits) => {
      for (const item of excluded) logits[item] = Number.NEGATIVE_INFINITY;
    });
    const { rows } = await this.#bestOf({ ...query, limit: count, summing: false });
    return rows.subarray(0, count);
  }

  async #best(
    userQuery: UserQuery,
    limit: number,
    leaveOut: (logits: Float32Array) => void,
  ): Promise<BestRows & Pick<VectorQuery, 'vector'>> {
    const query = await this.#queryOf(userQuery, leaveOut);
    const { rows, scores, logSum } = await this.#bestOf({ ...query, limit, summing: true });
    // Whoever asked together with others may get as many as they wanted.
    return { rows: rows.subarray(0, limit), scores: scores.subarray(0, limit), logSum, vector: query.vector };
  }

  async #queryOf(userQuery: UserQuery, leaveOut?: (logits: Float32Array) => void): Promise<VectorQuery> {
    return {
      vector: await this.#vectorOf(userQuery),
      begin: (logits) => {
        this.#parts.begin(userQuery, logits);
        leaveOut?.(logits);
      },
    };
  }

  /** Of a user whom the training did not know, recent events are the whole history. */
  #askerOf({ userId: id, context = {}, streamed = {} }: Pick<RecommendQuery, 'userId' | 'context' | 'streamed'>): {
    readonly userQuery: UserQuery;
    readonly used: HistoryUse;
  } {
    const { columns = [], items, scored } = this.#parts;
    const { userId, recent } = personOf(streamed, this.#indexOfUser(id) >= 0) ?? { userId: id };
    const user = this.#indexOfUser(userId);
    const known = user < 0 ? noHistory : this.#parts.historyOf(user);
    // An item that nothing is known of tells nothing.
    const indexOf = (item: string) => {
      const index = items.indexOf(item);
      return index < scored ? index : -1;
    };
    const history = recent ? withRecent(known, recent, indexOf, columns) : known;
    const kept = known.items.length;
    return {
      userQuery: { history, asked: codesOf(columns, context) },
      used: { userId, kept, recent: history.items.length - kept, newestEventAt: recent?.timestamps.at(-1) },
    };
  }

  #indexOfUser(id: string | undefined): number {
    return id === undefined ? -1 : this.#users.indexOf(id);
  }
}
