import { normalCdf, normalQuantile } from './normal.ts';
import type { Plan } from './pool.ts';
import { type Posterior, toBeat } from './posterior.ts';

/** The outcome of an explored position. */
export type ExplorationChoice = {
  /** The position in the list, from 0. */
  readonly place: number;
  /** A candidate, or the item of the model where no candidate has beaten it. */
  readonly itemId: string;
  readonly explored: boolean;
  /** The chance of this item at this position, given that it is explored and what precedes it. */
  readonly probability: number;
};

export type MixedList = {
  /** The model's list with candidates put in, no longer than it was to be. */
  readonly items: readonly string[];
  /** Where an item comes from: its position in the model's list, or −1 − its index in the plan's candidates. */
  readonly origins: Int32Array;
  /** Empty unless asked for. */
  readonly choices: readonly ExplorationChoice[];
};

export type MixRequest = {
  /** The model's list, best first, and how long it was to be. */
  readonly items: readonly string[];
  readonly count: number;
  readonly plan: Plan;
  readonly posterior: Posterior;
  /** The user's logit of each of the plan's candidates. */
  readonly logits: Float32Array;
  idOf(candidate: number): string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly withChoices: boolean;
};

/**
 * The share of explored positions that keep the model's item in any case, so that exploring can be compared with not
 * exploring.
 */
const control = 0.1;

/** How much more, or less, than another candidate one may count because this user is likely to like it. */
const greatestTaste = 4;

/**
 * Thompson sampling (Thompson 1933; Chapelle and Li 2011): at each explored position, the appeal of each candidate is
 * drawn from its posterior, times how much this user likes it beside the other candidates. The greatest takes the
 * position if it is above that of the item there, for which the model knows what to expect. The others move down in
 * their order.
 */
export function mixIn(mixing: MixRequest): MixedList {
  const { items: listed, count, plan, idOf } = mixing;
  const taken = new Set(listed);
  const items: string[] = [];
  const origins = new Int32Array(Math.min(count, listed.length + plan.positions.length));
  const choices: ExplorationChoice[] = [];
  const draw = new PositionDraw(mixing, taken);
  for (let position = 0, next = 0, slot = 0; position < count; position++) {
    const isExplored = plan.positions[slot] === position;
    const winner = isExplored ? draw.at(slot) : -1;
    const own = listed[next];
    if (winner >= 0) {
      origins[items.push(idOf(plan.candidates[winner])) - 1] = -1 - winner;
    } else if (own !== undefined) {
      origins[items.push(own) - 1] = next++;
    }
    const itemId = winner >= 0 ? items.at(-1) : own;
    if (isExplored && mixing.withChoices && itemId !== undefined) {
      choices.push({ place: position, itemId, explored: winner >= 0, probability: draw.probabilityOf(winner) });
    }
    if (winner >= 0 && itemId !== undefined) taken.add(itemId);
    if (isExplored) slot++;
  }
  return { items, origins: origins.subarray(0, items.length), choices };
}

/** The candidates of one position: what they draw, and how likely each was to win. */
class PositionDraw {
  readonly #mixing: MixRequest;
  readonly #taken: ReadonlySet<string>;
  /** Of the cube roots of what the candidates draw; those with a spread of 0 are not in the running. */
  readonly #centres: Float64Array;
  readonly #spreads: Float64Array;
  #from = 0;

  constructor(mixing: MixRequest, taken: ReadonlySet<string>) {
    this.#mixing = mixing;
    this.#taken = taken;
    this.#centres = new Float64Array(mixing.plan.size);
    this.#spreads = new Float64Array(mixing.plan.size);
  }

  /** Which candidate takes the position, by its index in the plan; −1 if none does. */
  at(slot: number): number {
    const { plan, random } = this.#mixing;
    this.#enter(slot * plan.size);
    if (random() < control) return -1;
    let [winner, greatest] = [-1, toBeat];
    for (let n = 0; n < plan.size; n++) {
      const deviation = this.#spreads[n];
      if (deviation === 0) continue;
      const drawn = this.#centres[n] + deviation * normalQuantile(random());
      if (drawn > greatest && !this.#isTaken(n)) [winner, greatest] = [n, drawn];
    }
    return winner < 0 ? -1 : this.#from + winner;
  }

  /** Of the outcome of the last draw. */
  probabilityOf(winner: number): number {
    for (let n = 0; n < this.#spreads.length; n++) if (this.#isTaken(n)) this.#spreads[n] = 0;
    if (winner < 0) return control + (1 - control) * this.#allBelow(toBeat, -1);
    const { leaders, inclusion } = this.#mixing.plan;
    const n = winner - this.#from;
    return (1 - control) * (n < leaders ? 1 : inclusion) * this.#chanceOf(n);
  }

  #enter(from: number): void {
    const { plan, posterior, logits } = this.#mixing;
    this.#from = from;
    let highest = Number.NEGATIVE_INFINITY;
    for (let n = 0; n < plan.size; n++) highest = Math.max(highest, logits[from + n]);
    let sum = 0;
    for (let n = 0; n < plan.size; n++) {
      const share = Math.exp(logits[from + n] - highest);
      this.#centres[n] = share;
      sum += share;
    }
    for (let n = 0; n < plan.size; n++) {
      const candidate = plan.candidates[from + n];
      const ratio = (this.#centres[n] * plan.size) / sum;
      const taste = Math.cbrt(Math.min(Math.max(ratio, 1 / greatestTaste), greatestTaste));
      this.#centres[n] = taste * posterior.means[candidate];
      this.#spreads[n] = taste * posterior.deviations[candidate];
    }
  }

  /** Whether a candidate stands in the list already, or would without exploration. */
  #isTaken(n: number): boolean {
    const { plan, idOf } = this.#mixing;
    return this.#taken.has(idOf(plan.candidates[this.#from + n]));
  }

  /**
   * The integral, over what candidate `n` may draw above what it must beat, of the chance that all others draw less: by
   * the midpoints of equally likely parts. However small, it is above 0 for one that has won.
   */
  #chanceOf(n: number): number {
    const [mean, deviation] = [this.#centres[n], this.#spreads[n]];
    const below = normalCdf((toBeat - mean) / deviation);
    let sum = 0;
    for (let part = 0; part < parts; part++) {
      const drawn = mean + deviation * normalQuantile(below + ((1 - below) * (part + 0.5)) / parts);
      sum += this.#allBelow(drawn, n);
    }
    return ((1 - below) * sum) / parts;
  }

  /** The chance that all candidates but one draw less than this. */
  #allBelow(limit: number, but: number): number {
    let chance = 1;
    for (let n = 0; n < this.#spreads.length; n++) {
      const deviation = this.#spreads[n];
      if (n !== but && deviation > 0) chance *= normalCdf((limit - this.#centres[n]) / deviation);
    }
    return chance;
  }
}

/** Of the integral: with it, a chance of a tenth or more is within a hundredth of itself. */
const parts = 64;
