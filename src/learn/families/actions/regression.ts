import { minimise } from '../../kernels/minimise.ts';

/** Rows to learn from: what was known at each exposure, and what came of it. */
export type RegressionRows = {
  readonly count: number;
  readonly width: number;
  /** count × width; the first feature of each row is 1. */
  readonly features: Float32Array;
  readonly actions: Uint32Array;
  readonly isTaken: Uint8Array;
  /** How likely an action that is taken has been taken by now. */
  readonly answered: Float32Array;
};

/** What is said of actions: actions × width. */
export type ActionFeatures = { readonly width: number; readonly values: Float32Array };

/** How strongly coefficients are drawn to what they share. */
export type Penalties = {
  /** Of what all actions have in common. */
  readonly shared: number;
  /** Of what actions with a feature have in common. */
  readonly crossed: number;
  /** Of each action's own. */
  readonly own: number;
};

export type RegressionTask = {
  readonly rows: RegressionRows;
  readonly actionCount: number;
  readonly actionFeatures: ActionFeatures;
};

/** The base rates of actions differ more than what moves them. */
const interceptShare = 0.1;

/** All coefficients in one array: shared (width), crossed (features × width), own (actions × width). */
export class Coefficients {
  readonly values: Float64Array;
  readonly #task: Pick<RegressionTask, 'actionCount' | 'actionFeatures'>;
  readonly #width: number;

  constructor({ actionCount, actionFeatures, rows: { width } }: RegressionTask, values?: Float64Array) {
    this.#task = { actionCount, actionFeatures };
    this.#width = width;
    this.values = values?.slice() ?? new Float64Array(width * (1 + actionFeatures.width + actionCount));
  }

  /** What decides about each action, actions × width: the sum of its own and of all that it shares with others. */
  ofActions(values = this.values): Float64Array {
    const width = this.#width;
    const { actionCount, actionFeatures } = this.#task;
    const ofOwn = width * (1 + actionFeatures.width);
    const sums = new Float64Array(actionCount * width);
    for (let action = 0; action < actionCount; action++) {
      const at = action * width;
      for (let n = 0; n < width; n++) sums[at + n] = values[n] + values[ofOwn + at + n];
      for (let feature = 0; feature < actionFeatures.width; feature++) {
        const amount = actionFeatures.values[action * actionFeatures.width + feature];
        if (amount === 0) continue;
        const from = width * (1 + feature);
        for (let n = 0; n < width; n++) sums[at + n] = sums[at + n] + amount * values[from + n];
      }
    }
    return sums;
  }

  /** The gradient of all coefficients from that of `ofActions`. */
  spread(ofActions: Float64Array, gradient: Float64Array): void {
    const width = this.#width;
    const { actionCount, actionFeatures } = this.#task;
    const ofOwn = width * (1 + actionFeatures.width);
    gradient.fill(0);
    for (let action = 0; action < actionCount; action++) {
      const at = action * width;
      for (let n = 0; n < width; n++) {
        gradient[n] = gradient[n] + ofActions[at + n];
        gradient[ofOwn + at + n] = ofActions[at + n];
      }
      for (let feature = 0; feature < actionFeatures.width; feature++) {
        const amount = actionFeatures.values[action * actionFeatures.width + feature];
        if (amount === 0) continue;
        const to = width * (1 + feature);
        for (let n = 0; n < width; n++) gradient[to + n] = gradient[to + n] + amount * ofActions[at + n];
      }
    }
  }

  /** Adds the penalties' gradient. @returns what they cost */
  penalise(values: Float64Array, { shared, crossed, own }: Penalties, gradient: Float64Array): number {
    const width = this.#width;
    const ofCrossed = width;
    const ofOwn = width * (1 + this.#task.actionFeatures.width);
    let cost = 0;
    for (let n = 0; n < values.length; n++) {
      const strength = n < ofCrossed ? shared : n < ofOwn ? crossed : own;
      const share = n % width === 0 ? (n === 0 ? 0 : interceptShare) : 1;
      cost += 0.5 * strength * share * values[n] ** 2;
      gradient[n] = gradient[n] + strength * share * values[n];
    }
    return cost;
  }
}

/**
 * Logistic regression with one set of coefficients for each action, drawn to those that it shares with all others and
 * with those of the same features: a hierarchical model (Gelman and Hill 2007), whose priors are the ridge penalties.
 * It minimises −ln of how likely the answers are; an exposure that has not been answered yet counts by how likely it
 * would have been.
 *
 * @param start what another fit found
 */
export function fitRegression(
  task: RegressionTask,
  penalties: Penalties,
  iterations: number,
  start?: Coefficients,
): Coefficients {
  const coefficients = new Coefficients(task, start?.values);
  const ofActions = new Float64Array(task.actionCount * task.rows.width);
  minimise(
    (point, gradient) => {
      const cost = costOf(task.rows, coefficients.ofActions(point), ofActions);
      coefficients.spread(ofActions, gradient);
      return cost + coefficients.penalise(point, penalties, gradient);
    },
    coefficients.values,
    { iterations, tolerance: 1e-6 },
  );
  return coefficients;
}

/** −ln of how likely the answers are, and its gradient by the coefficients of actions. */
function costOf(
  { count, width, features, actions, isTaken, answered }: RegressionRows,
  ofActions: Float64Array,
  gradient: Float64Array,
): number {
  gradient.fill(0);
  let cost = 0;
  for (let row = 0; row < count; row++) {
    const from = row * width;
    const at = actions[row] * width;
    let logit = 0;
    for (let n = 0; n < width; n++) logit += features[from + n] * ofActions[at + n];
    const { loss, slope } = lossOf(logit, isTaken[row] === 1, answered[row]);
    cost += loss;
    for (let n = 0; n < width; n++) gradient[at + n] = gradient[at + n] + slope * features[from + n];
  }
  return cost;
}

/** The loss of one answer and its derivative, by the logit. */
export function lossOf(
  logit: number,
  isTaken: boolean,
  answered: number,
): { readonly loss: number; readonly slope: number } {
  const chance = sigmoid(logit);
  if (isTaken) return { loss: softplus(-logit), slope: chance - 1 };
  if (answered === 1) return { loss: softplus(logit), slope: chance };
  const left = 1 - chance * answered;
  return { loss: -Math.log(left), slope: (chance * answered * (1 - chance)) / left };
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** ln(1 + e^x) */
const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));

/** The logits of rows. */
export function logitsOf(
  { count, width, features, actions }: Pick<RegressionRows, 'count' | 'width' | 'features' | 'actions'>,
  ofActions: Float64Array,
): Float64Array {
  const logits = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const at = actions[row] * width;
    let logit = 0;
    for (let n = 0; n < width; n++) logit += features[row * width + n] * ofActions[at + n];
    logits[row] = logit;
  }
  return logits;
}
