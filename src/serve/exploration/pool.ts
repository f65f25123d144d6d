import { topK } from '../../learn/kernels/top-k.ts';
import { priorMean } from './posterior.ts';

/** Candidates that are looked at for one place, and fewer where many places are explored. */
const mostAPlace = 32;
const leastAPlace = 8;
/** For all places of an answer together. */
const mostAnAnswer = 256;
/** Proven candidates that are looked at for every place. */
const mostLeaders = 16;
/** So many answers choose from the same leaders. */
const leadersFor = 256;

/** The places of one answer that are explored, and the candidates that are looked at for each. */
export type Plan = {
  /** Ascending, from 0. */
  readonly places: Uint32Array;
  /** `size` different candidates a place; the first `leaders` are looked at for every place. */
  readonly candidates: Uint32Array;
  readonly size: number;
  readonly leaders: number;
  /** The chance of each of the other candidates to be among those of a place. */
  readonly inclusion: number;
};

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
   * @param rate the chance of each of `count` places to be explored
   * @param centres what is known of the candidates
   * @returns undefined where nothing is explored
   */
  plan(count: number, rate: number, means: Float32Array): Plan | undefined {
    if (this.count === 0) return undefined;
    const places = this.#places(count, rate);
    if (places.length === 0) return undefined;
    if (this.#answers++ % leadersFor === 0) this.#chooseLeaders(means);
    const share = Math.floor(mostAnAnswer / places.length);
    const size = Math.min(this.count, Math.max(leastAPlace, Math.min(share, mostAPlace)));
    const leaders = Math.min(this.#leaders, size >> 1);
    const candidates = new Uint32Array(places.length * size);
    for (let from = 0; from < candidates.length; from += size) {
      this.#shuffle(leaders, size);
      candidates.set(this.#order.subarray(0, size), from);
    }
    const others = this.count - leaders;
    return { places, candidates, size, leaders, inclusion: others === 0 ? 1 : (size - leaders) / others };
  }

  #places(count: number, rate: number): Uint32Array {
    const places = new Uint32Array(count);
    let found = 0;
    for (let place = 0; place < count; place++) if (this.#random() < rate) places[found++] = place;
    return places.subarray(0, found);
  }

  /**
   * Those that have done better than an unknown one is supposed to: they stay in sight however many others there are.
   */
  #chooseLeaders(means: Float32Array): void {
    const known = Float32Array.from(this.#order, (candidate) => means[candidate]);
    const best = topK(known, mostLeaders).filter((at) => known[at] > priorMean);
    const leaders = best.map((at) => this.#order[at]);
    for (let at = 0; at < leaders.length; at++) this.#swap(at, this.#order.indexOf(leaders[at]));
    this.#leaders = leaders.length;
  }

  /** Puts a random choice of all but the first `from` at the places from there to `to` (Fisher and Yates). */
  #shuffle(from: number, to: number): void {
    for (let at = from; at < to; at++) this.#swap(at, at + Math.floor(this.#random() * (this.count - at)));
  }

  #swap(one: number, other: number): void {
    const candidate = this.#order[one];
    this.#order[one] = this.#order[other];
    this.#order[other] = candidate;
  }
}
