import { hasBit } from '../../learn/kernels/bits.ts';
import { topK } from '../../learn/kernels/top-k.ts';
import { priorMean } from './posterior.ts';

/** Candidates that are considered for one position, and fewer where many positions are explored. */
const mostAPosition = 32;
const leastAPosition = 8;
/** For all positions of an answer together. */
const mostAnAnswer = 256;
/** Proven candidates that are considered for every position. */
const mostLeaders = 16;
/** Answers that choose from the same leaders. */
const leadersFor = 256;

/** The explored positions of one answer, and the candidates that are considered for each. */
export type Plan = {
  /** Ascending, from 0. */
  readonly positions: Uint32Array;
  /** `size` different candidates a position; the first `leaders` are considered for every position. */
  readonly candidates: Uint32Array;
  readonly size: number;
  readonly leaders: number;
  /** The chance of each of the other candidates to be among those of a position. */
  readonly inclusion: number;
};

export type PlanOptions = {
  /** A bit a candidate: those whose bit is 0, or that have none, are left out; without it, none are. */
  readonly eligible?: Uint32Array | undefined;
  /** Uniform in [0, 1); with it the plan does not depend on those before it. */
  readonly random?: (() => number) | undefined;
};

/** Candidates in any order but that the first ones are leaders. */
type Pool = { readonly order: Uint32Array; readonly leaders: number };

/** Chooses at random what is explored in an answer. Belongs to one thread. */
export class CandidatePool {
  readonly #random: () => number;
  /** All candidates, leaders first. */
  #order = new Uint32Array();
  #leaders = 0;
  #answers = 0;

  /** @param random uniform in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
  }

  get count(): number {
    return this.#order.length;
  }

  add(candidates: readonly number[]): void {
    this.#order = Uint32Array.from([...this.#order, ...candidates]);
  }

  /**
   * @param rate the chance of each of `count` positions to be explored
   * @param means those of the candidates' posteriors
   * @returns undefined where nothing is explored
   */
  plan(count: number, rate: number, means: Float32Array, { eligible, random }: PlanOptions = {}): Plan | undefined {
    if (this.count === 0) return undefined;
    const draw = random ?? this.#random;
    const positions = positionsFor(count, rate, draw);
    if (positions.length === 0) return undefined;
    if (this.#answers++ % leadersFor === 0) this.#chooseLeaders(means);
    return planOf(positions, this.#poolFor({ eligible, random }), draw);
  }

  /** Shuffling goes on from answer to answer, unless one must not depend on others. */
  #poolFor({ eligible, random }: PlanOptions): Pool {
    if (eligible) return this.#only(eligible);
    return { order: random ? this.#order.slice() : this.#order, leaders: this.#leaders };
  }

  /** The candidates that are eligible, leaders first as in the order of all. */
  #only(eligible: Uint32Array): Pool {
    const order = new Uint32Array(this.count);
    let [found, leaders] = [0, 0];
    for (let at = 0; at < order.length; at++) {
      const candidate = this.#order[at];
      if (!hasBit(eligible, candidate)) continue;
      order[found++] = candidate;
      if (at < this.#leaders) leaders++;
    }
    return { order: order.subarray(0, found), leaders };
  }

  /**
   * Those that have done better than an unknown one is expected to: they stay in sight however many others there are.
   */
  #chooseLeaders(means: Float32Array): void {
    const known = Float32Array.from(this.#order, (candidate) => means[candidate]);
    const best = topK(known, mostLeaders).filter((at) => known[at] > priorMean);
    const leaders = best.map((at) => this.#order[at]);
    for (let at = 0; at < leaders.length; at++) swap(this.#order, at, this.#order.indexOf(leaders[at]));
    this.#leaders = leaders.length;
  }
}

function swap(order: Uint32Array, one: number, other: number): void {
  const candidate = order[one];
  order[one] = order[other];
  order[other] = candidate;
}

function planOf(positions: Uint32Array, { order, leaders: leading }: Pool, random: () => number): Plan | undefined {
  if (order.length === 0) return undefined;
  const share = Math.floor(mostAnAnswer / positions.length);
  const size = Math.min(order.length, Math.max(leastAPosition, Math.min(share, mostAPosition)));
  const leaders = Math.min(leading, size >> 1);
  const candidates = new Uint32Array(positions.length * size);
  for (let from = 0; from < candidates.length; from += size) {
    shuffle(order, leaders, size, random);
    candidates.set(order.subarray(0, size), from);
  }
  const others = order.length - leaders;
  return { positions, candidates, size, leaders, inclusion: others === 0 ? 1 : (size - leaders) / others };
}

function positionsFor(count: number, rate: number, random: () => number): Uint32Array {
  const positions = new Uint32Array(count);
  let found = 0;
  for (let position = 0; position < count; position++) if (random() < rate) positions[found++] = position;
  return positions.subarray(0, found);
}

/** Puts a random choice of all but the first `from` at the indexes from there to `to` (Fisher and Yates). */
function shuffle(order: Uint32Array, from: number, to: number, random: () => number): void {
  for (let at = from; at < to; at++) swap(order, at, at + Math.floor(random() * (order.length - at)));
}
