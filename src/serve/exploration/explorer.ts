import type { ExtraScores, Model, Ranking, RecommendQuery } from '../../learn/model/model.ts';
import { logSumBeside, probability } from '../../learn/model/softmax.ts';
import type { Candidate, Candidates } from './candidates.ts';
import { type ExplorationChoice, type MixedList, mixIn } from './policy.ts';
import { CandidatePool } from './pool.ts';
import type { Posterior } from './posterior.ts';

/** A list with what exploration put into it. */
export type ExploredRanking = Ranking & {
  /** Positions, from 0, of the items that exploration brought. */
  readonly explored?: readonly number[];
  readonly choices?: readonly ExplorationChoice[];
};

/** How an answer is explored. */
export type Exploration = {
  /** The chance of each position to be explored, above 0. */
  readonly rate: number;
  /** Whether the choices and their probabilities are wanted. */
  readonly withChoices: boolean;
  /** A bit a candidate: those that the answer may have. All unless given; where none is, nothing is explored. */
  readonly eligible?: Uint32Array | undefined;
};

/** The same, and among which items. */
export type CandidateExploration = Exploration & { readonly candidates: Candidates };

/** Mixes candidates into what a model recommends, beside the model on its scoring thread. */
export class Explorer {
  readonly #model: Model;
  readonly #posterior: Posterior;
  readonly #random: () => number;
  readonly #pool: CandidatePool;
  readonly #ids: string[] = [];
  /** A row a candidate. */
  #vectors = new Float32Array();

  /** @param random uniform in [0, 1) */
  constructor(model: Model, posterior: Posterior, random: () => number) {
    this.#model = model;
    this.#posterior = posterior;
    this.#random = random;
    this.#pool = new CandidatePool(random);
  }

  /** Memory that the vectors of candidates hold. */
  get bytes(): number {
    return this.#vectors.byteLength;
  }

  /** Adds further candidates, at the next indexes of the posterior. */
  add(candidates: readonly Candidate[]): void {
    const added = this.#model.vectorsOf?.(candidates);
    if (added === undefined || candidates.length === 0) return;
    const width = added.length / candidates.length;
    const end = this.#ids.length * width;
    if (end + added.length > this.#vectors.length) {
      const grown = new Float32Array(2 * (end + added.length));
      grown.set(this.#vectors.subarray(0, end));
      this.#vectors = grown;
    }
    this.#vectors.set(added, end);
    const indexes: number[] = [];
    for (const { id, isInferred } of candidates) {
      const index = this.#ids.push(id) - 1;
      if (!(isInferred && this.#model.hasInteractions?.(id))) indexes.push(index);
    }
    this.#pool.add(indexes);
  }

  /** @param random where the answer must not depend on others before it: uniform in [0, 1), for this one alone */
  async recommend(
    query: RecommendQuery,
    { rate, withChoices, eligible }: Exploration,
    random?: () => number,
  ): Promise<ExploredRanking> {
    const plan = this.#pool.plan(query.count, rate, this.#posterior.means, { eligible, random });
    if (!plan) return await this.#model.recommend(query);
    const extraItems = { vectors: this.#vectors, rows: plan.candidates };
    const { extraScores, ...ranked } = await this.#model.recommend({ ...query, extraItems });
    if (!extraScores) return ranked;
    const mixed = mixIn({
      items: ranked.items,
      count: query.count,
      plan,
      logits: extraScores.logits,
      withChoices,
      posterior: this.#posterior,
      random: random ?? this.#random,
      idOf: (candidate) => this.#ids[candidate] ?? '',
    });
    return { ...answerOf(mixed, ranked, extraScores), ...(withChoices && { choices: mixed.choices }) };
  }
}

/** The mixed list with the score of each item: of candidates, the share that they would have beside the model's. */
function answerOf({ items, origins }: MixedList, ranked: Ranking, { logits, logSum }: ExtraScores): ExploredRanking {
  const explored: number[] = [];
  origins.forEach((origin, position) => {
    if (origin < 0) explored.push(position);
  });
  if (explored.length === 0) return ranked;
  const beside = logSumBeside(
    logSum,
    explored.map((position) => logits[-1 - origins[position]]),
  );
  const scores =
    ranked.scores &&
    Array.from(origins, (origin) =>
      origin < 0 ? probability(logits[-1 - origin], beside) : (ranked.scores?.[origin] ?? null),
    );
  return { ...ranked, items, ...(scores && { scores }), explored };
}
