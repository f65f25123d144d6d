import {
  allUsers,
  type Histories,
  type History,
  historyOf,
  lengthOf,
  selectSlices,
  sliceHistory,
  userCount,
} from '../../../histories/histories.ts';
import { uniforms } from '../../../kernels/random.ts';
import { comeBack } from '../../../metrics/metrics-plan.ts';
import type { Weighting } from '../../../training/event-weights.ts';
import { conditionOf } from '../encoder/column-inputs.ts';

/** What one user did, and then. */
export type HeldOut = {
  readonly user: number;
  readonly input: History;
  readonly truth: number;
  /** Its condition: a code for each column. */
  readonly condition: Uint8Array;
  /** How much it counts to answer it. */
  readonly weight: number;
  /** Items that are no candidates: those of the input, where users seldom come back to what they had. */
  readonly excluded: ReadonlySet<number>;
};

export type Holdout = {
  /** Without what is held out. */
  readonly training: Histories;
  /** In random order. */
  readonly examples: readonly HeldOut[];
};

/** More would hardly improve the choice, and what is held out does not train. */
const mostExamples = 3000;

/** Holds out the newest interaction of some of those users who have at least two, and whose newest counts. */
export function holdOut(histories: Histories, seed: number, weightOf: Weighting): Holdout {
  const users = Uint32Array.from({ length: userCount(histories) }, (_, user) => user).filter(
    (user) => lengthOf(histories, user) >= 2 && weightOf(historyOf(histories, user), lengthOf(histories, user) - 1) > 0,
  );
  const random = uniforms(seed);
  const chosen = users.subarray(0, mostExamples);
  for (let n = 0; n < chosen.length; n++) {
    const other = n + Math.floor(random() * (users.length - n));
    [users[n], users[other]] = [users[other], users[n]];
  }
  const shorter = new Uint8Array(userCount(histories));
  for (const user of chosen) shorter[user] = 1;
  return {
    training: withoutNewest(histories, shorter),
    examples: examplesOf(histories, chosen, weightOf, random),
  };
}

function examplesOf(histories: Histories, chosen: Uint32Array, weightOf: Weighting, random: () => number): HeldOut[] {
  const examples = Array.from(chosen, (user) => {
    const history = historyOf(histories, user);
    const input = sliceHistory(history, 0, -1);
    return {
      user,
      input,
      truth: history.items[history.items.length - 1],
      condition: conditionOf(history.codes, -1, random),
      weight: weightOf(history, input.items.length),
      excluded: new Set(input.items),
    };
  });
  const returns = examples.filter(({ truth, excluded }) => excluded.has(truth)).length;
  if (!comeBack(returns, examples.length)) return examples;
  return examples.map((example) => ({ ...example, excluded: new Set() }));
}

/** The histories, those of the users marked 1 without their newest interaction. */
const withoutNewest = (histories: Histories, shorter: Uint8Array): Histories =>
  selectSlices(histories, allUsers(histories), (user) => [0, lengthOf(histories, user) - shorter[user]]);
