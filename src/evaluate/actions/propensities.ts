import { ratesOf } from '../../learn/families/actions/answer-vectors.ts';
import { fitRegression, logitsOf, sigmoid } from '../../learn/families/actions/regression.ts';
import { type LearnedFeatures, selectRows } from '../../learn/features/learn-features.ts';
import { selectActionUsers, sliceEvents } from '../../learn/histories/action-data.ts';
import { historyBefore, selectUsers } from '../../learn/histories/histories.ts';
import { uniforms } from '../../learn/kernels/random.ts';
import { areaUnderCurve } from '../../learn/metrics/area-under-curve.ts';
import type { ActionModel } from '../../learn/model/action-model.ts';
import { nextBestAction } from '../../learn/recipes/next-best-action.ts';
import { resolveParameters } from '../../learn/recipes/parameters.ts';
import { learnable, type PlantedActions, type PlantedExposure, type PlantedSizes, plantedActions } from './planted.ts';

/** Of exposures with known chances: what was said of each, and what came of it. */
export type Guesses = {
  /** As the generator has them: nobody can know better. */
  readonly chances: Float64Array;
  readonly happened: Uint8Array;
  readonly recipe: Float64Array;
  readonly regression: Float64Array;
  readonly rates: Float64Array;
};

export type PropensityMeasurement = {
  /** Of what the policy of the generator showed to users who are held out. */
  readonly shown: Guesses;
  /** Of all users who are held out and all actions at the end of the data, whatever a policy would show. */
  readonly anything: Guesses;
  readonly trainedExposures: number;
  readonly seconds: number;
};

/** One user in five is held out. */
const heldOutShare = 5;

/** Learns aws-next-best-action from planted data, and asks it about users whom it has not seen. */
export async function measurePropensities(sizes: PlantedSizes, seed: number): Promise<PropensityMeasurement> {
  const planted = plantedActions(sizes, seed);
  const data = await learnable(planted);
  const training = Uint32Array.from({ length: sizes.users }, (_, user) => user).filter(isTrained);
  const began = performance.now();
  const learned = await nextBestAction.learn({
    histories: selectUsers(planted.histories, training),
    itemCount: sizes.items,
    itemFeatures: data.itemFeatures,
    userFeatures: data.userFeatures && selectRows(data.userFeatures, training),
    actions: selectActionUsers(data.actions, training),
    parameters: resolveParameters(nextBestAction, {}),
    seed,
    progress: { report: () => {}, signal: new AbortController().signal },
  });
  const seconds = (performance.now() - began) / 1000;
  const model = await nextBestAction.open({ learned, items: data.items, actions: data.actions.actions });
  const guess = guessesBy(planted, data.userFeatures, model);
  return {
    shown: guess(shownTo(planted)),
    anything: guess(pairsAtEnd(planted, seed)),
    trainedExposures: planted.exposures.filter(({ user }) => isTrained(user)).length,
    seconds,
  };
}

const isTrained = (user: number) => user % heldOutShare !== 0;

const shownTo = ({ exposures }: PlantedActions): readonly PlantedExposure[] =>
  exposures.filter(({ user }) => !isTrained(user));

function pairsAtEnd({ sizes, end, chanceAtEnd }: PlantedActions, seed: number): readonly PlantedExposure[] {
  const random = uniforms(seed + 2);
  return Array.from({ length: sizes.users }, (_, user) => user)
    .filter((user) => !isTrained(user))
    .flatMap((user) =>
      Array.from({ length: sizes.actions }, (_, action) => {
        const chance = chanceAtEnd(user, action);
        return { user, action, time: end, chance, isTaken: random() < chance };
      }),
    );
}

function guessesBy(planted: PlantedActions, userFeatures: LearnedFeatures | undefined, model: ActionModel) {
  const { actions, isTaken } = trainedAnswers(planted);
  const rates = ratesOf(actions, isTaken, planted.sizes.actions);
  const regression = regressionOf(planted, userFeatures, rates);
  return (all: readonly PlantedExposure[]): Guesses => {
    const questions = all.filter(({ action }) => model.isScored[action] === 1);
    return {
      chances: Float64Array.from(questions, ({ chance }) => chance),
      happened: Uint8Array.from(questions, (question) => (question.isTaken ? 1 : 0)),
      recipe: Float64Array.from(questions, (question) => chanceBy(model, planted, userFeatures, question)),
      regression: Float64Array.from(questions, regression),
      rates: Float64Array.from(questions, ({ action }) => rates[action]),
    };
  };
}

function chanceBy(
  model: ActionModel,
  { histories, events }: PlantedActions,
  userFeatures: LearnedFeatures | undefined,
  { user, action, time }: PlantedExposure,
): number {
  let end = events.starts[user];
  while (end < events.ends[user] && events.timestamps[end] < time) end++;
  const { width = 0, values } = userFeatures ?? {};
  const chances = model.propensities({
    itemSums: model.itemSums(historyBefore(histories, user, time)),
    features: values?.subarray(user * width, (user + 1) * width),
    events: sliceEvents(events, events.starts[user], end),
    now: time,
  });
  return chances[action];
}

function trainedAnswers({ exposures }: PlantedActions) {
  const trained = exposures.filter(({ user }) => isTrained(user));
  return {
    users: Uint32Array.from(trained, ({ user }) => user),
    actions: Uint32Array.from(trained, ({ action }) => action),
    isTaken: Uint8Array.from(trained, (exposure) => (exposure.isTaken ? 1 : 0)),
  };
}

/** One logistic regression for all actions, on metadata of the user and the base rate of the action. */
function regressionOf(planted: PlantedActions, userFeatures: LearnedFeatures | undefined, rates: Float32Array) {
  const { users, actions, isTaken } = trainedAnswers(planted);
  const { width: userWidth = 0, values } = userFeatures ?? {};
  const width = 2 + userWidth;
  const write = (features: Float32Array, row: number, user: number, action: number) => {
    features[row * width] = 1;
    features[row * width + 1] = Math.log(rates[action] / (1 - rates[action]));
    if (values) features.set(values.subarray(user * userWidth, (user + 1) * userWidth), row * width + 2);
  };
  const features = new Float32Array(users.length * width);
  users.forEach((user, row) => {
    write(features, row, user, actions[row]);
  });
  const answered = new Float32Array(users.length).fill(1);
  const none = { width: 0, values: new Float32Array() };
  const rows = { count: users.length, width, features, actions: new Uint32Array(users.length), isTaken, answered };
  const task = { rows, actionCount: 1, actionFeatures: none };
  const coefficients = fitRegression(task, { shared: 1, crossed: 1, own: 1 }, 100).ofActions();
  return ({ user, action }: PlantedExposure): number => {
    const row = new Float32Array(width);
    write(row, 0, user, action);
    const [logit] = logitsOf({ count: 1, width, features: row, actions: new Uint32Array(1) }, coefficients);
    return sigmoid(logit);
  };
}

export type ReliabilityBin = { readonly count: number; readonly guessed: number; readonly happened: number };

const bins = 10;

/** Exposures by tenths of what was said: how much on average, and how often it happened. */
export function reliability(guessed: Float64Array, happened: Uint8Array): readonly ReliabilityBin[] {
  const found = Array.from({ length: bins }, () => ({ count: 0, guessed: 0, happened: 0 }));
  guessed.forEach((chance, n) => {
    const bin = found[Math.min(Math.floor(chance * bins), bins - 1)];
    bin.count++;
    bin.guessed += chance;
    bin.happened += happened[n];
  });
  return found.map(({ count, guessed: sum, happened: times }) => ({
    count,
    guessed: sum / Math.max(count, 1),
    happened: times / Math.max(count, 1),
  }));
}

/** The expected calibration error (Naeini, Cooper and Hauskrecht 2015). */
export function calibrationError(found: readonly ReliabilityBin[]): number {
  const total = found.reduce((sum, { count }) => sum + count, 0);
  return found.reduce((sum, bin) => sum + (bin.count / total) * Math.abs(bin.guessed - bin.happened), 0);
}

export const accuracyOf = (guessed: Float64Array, { happened }: Pick<Guesses, 'happened'>) => ({
  auc: areaUnderCurve(guessed, happened),
  ece: calibrationError(reliability(guessed, happened)),
});
