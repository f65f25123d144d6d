import { actionEventCodes } from '../../histories/action-data.ts';
import { isExposure } from '../../histories/exposures.ts';

const day = 86_400;

/** What a user did with one action, in so many features. */
export const pairWidth = 8;
/** What a user did with all actions, beside the vector of their answers. */
export const answerWidth = 2;

/** What answers are compared to. */
export type ExpectedAnswers = {
  /** Of each action: how often it is taken when it is shown. */
  readonly rates: Float32Array;
  /** Actions × width: actions that the same users take or leave are near each other. */
  readonly vectors: Float32Array;
  readonly width: number;
};

/** How many answers weigh as much as what is supposed before the first. */
const supposed = 3;

/**
 * What one user did with actions up to a moment, event by event: for training as for requests. Features of what is long
 * ago fade, and counts have logarithms.
 */
export class UserState {
  readonly #expected: ExpectedAnswers;
  readonly #period: number;
  readonly #views: Float32Array;
  readonly #declines: Float32Array;
  readonly #takes: Float32Array;
  readonly #shownAt: Float64Array;
  readonly #answeredAt: Float64Array;
  readonly #takenAt: Float64Array;
  readonly #isOpen: Uint8Array;
  readonly #touched: number[] = [];
  /** Taken more often than others would have. */
  readonly #surplus: Float64Array;
  #sum = 0;
  #exposures = 0;

  constructor(expected: ExpectedAnswers, periodSeconds: number) {
    const count = expected.rates.length;
    this.#expected = expected;
    this.#period = periodSeconds;
    this.#views = new Float32Array(count);
    this.#declines = new Float32Array(count);
    this.#takes = new Float32Array(count);
    this.#shownAt = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#answeredAt = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#takenAt = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#isOpen = new Uint8Array(count);
    this.#surplus = new Float64Array(expected.width);
  }

  /** Forgets the user. */
  clear(): void {
    for (const action of this.#touched) {
      for (const counts of [this.#views, this.#declines, this.#takes, this.#isOpen]) counts[action] = 0;
      for (const times of [this.#shownAt, this.#answeredAt, this.#takenAt]) times[action] = Number.NEGATIVE_INFINITY;
    }
    this.#touched.length = 0;
    this.#surplus.fill(0);
    this.#sum = 0;
    this.#exposures = 0;
  }

  add(action: number, time: number, type: number): void {
    if (this.#shownAt[action] === Number.NEGATIVE_INFINITY) this.#touched.push(action);
    const isOpen = this.#isOpen[action] === 1 && time - this.#shownAt[action] <= this.#period;
    if (isExposure(type, isOpen)) {
      this.#count(action, -this.#expected.rates[action]);
      this.#exposures++;
      this.#shownAt[action] = time;
    }
    this.#isOpen[action] = type === actionEventCodes.VIEWED ? 1 : 0;
    if (type === actionEventCodes.VIEWED) {
      this.#views[action] = this.#views[action] + 1;
      return;
    }
    this.#answeredAt[action] = time;
    if (type === actionEventCodes.NOT_TAKEN) {
      this.#declines[action] = this.#declines[action] + 1;
      return;
    }
    this.#takes[action] = this.#takes[action] + 1;
    this.#takenAt[action] = time;
    this.#count(action, 1);
  }

  /** How the user answers at all: `answerWidth` features, and the vector of answers. */
  writeAnswers(target: Float32Array, at: number): void {
    target[at] = this.#sum / (supposed + this.#exposures);
    target[at + 1] = Math.log1p(this.#exposures);
    const scale = 1 / Math.sqrt(supposed + this.#exposures);
    for (let n = 0; n < this.#surplus.length; n++) target[at + answerWidth + n] = scale * this.#surplus[n];
  }

  /** What the user did with one action, as of a moment: `pairWidth` features. */
  writePair(target: Float32Array, at: number, action: number, now: number): void {
    target[at] = Math.log1p(this.#views[action]);
    target[at + 1] = Math.log1p(this.#declines[action]);
    target[at + 2] = Math.log1p(this.#takes[action]);
    target[at + 3] = fading(now - this.#shownAt[action], day);
    target[at + 4] = fading(now - this.#shownAt[action], 7 * day);
    target[at + 5] = fading(now - this.#takenAt[action], 14 * day);
    target[at + 6] = fading(now - this.#answeredAt[action], 7 * day);
    const shown = this.#views[action] + this.#declines[action] + this.#takes[action];
    target[at + 7] =
      shown === 0 ? 0 : (this.#takes[action] - shown * this.#expected.rates[action]) / (supposed + shown);
  }

  #count(action: number, amount: number): void {
    this.#sum += amount;
    const { vectors, width } = this.#expected;
    for (let n = 0; n < width; n++) this.#surplus[n] = this.#surplus[n] + amount * vectors[action * width + n];
  }
}

/** 1 for now, 0 for long ago and for never. */
const fading = (seconds: number, time: number): number => Math.exp(-Math.max(seconds, 0) / time);
