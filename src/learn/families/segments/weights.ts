import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Csr } from '../../kernels/csr.ts';
import { uniforms } from '../../kernels/random.ts';
import { comeBack } from '../../metrics/metrics-plan.ts';
import { fitBlend, type Observation } from '../blend/blend.ts';
import { countFeatures, ownCounts, type SegmentData, type SegmentVector, segmentVector } from './segment-features.ts';
import type { UserVectors } from './user-vectors.ts';

/** More change the weights little and cost much: segments, and users with whom those who came are compared. */
const most = { segments: 400, users: 2000 };

/** What says that a user will come to a segment, with the weight of each. */
export type SegmentWeights = {
  /** Products of factors: with the user's of the whole history, and of its newest items. */
  readonly whole: number;
  readonly recent: number;
  /** Product of the features of items with those of the user's. */
  readonly profile: number;
  /** Logarithm of how many interactions the user has. */
  readonly activity: number;
  /** Logarithm of how many of the segment's items the user had, and their share of all that the user had. */
  readonly own: number;
  readonly share: number;
};

type Name = keyof SegmentWeights;

export type WeightsTask = {
  /** Of the interactions before those that are held out. */
  readonly data: SegmentData;
  readonly vectors: UserVectors;
  /** Users by item, of the interactions that are held out. */
  readonly heldOut: Csr;
  readonly segments: readonly Uint32Array[];
  readonly seed: number;
};

/** A segment, how many of its items each user had before, and how many among what is held out. */
type Observed = { readonly items: Uint32Array; readonly own: Uint32Array; readonly came: Uint32Array };

/**
 * The weights under which those users are most probable, among all, who come to a segment in the interactions that are
 * held out: a conditional logit model over the users, in which each segment counts once. Users who had something of it
 * before are left out, unless users come back to what they had.
 */
export async function chooseWeights(task: WeightsTask): Promise<SegmentWeights> {
  const random = uniforms(task.seed);
  const segments = shuffled(task.segments, random).slice(0, most.segments);
  const keepsKnown = usersComeBack(task, segments);
  const names: readonly Name[] = [
    'whole',
    'recent',
    ...(task.vectors.profiles ? (['profile'] as const) : []),
    'activity',
    ...(keepsKnown ? (['own', 'share'] as const) : []),
  ];
  const observations: Observation[] = [];
  for (const items of segments) {
    const observation = observationOf(task, names, observe(task, items), keepsKnown, random);
    if (observation) observations.push(observation);
    await letOthersRun();
  }
  const { weights } = fitBlend(
    observations,
    names.map(() => 1),
  );
  const weightOf = (name: Name) => weights[names.indexOf(name)] ?? 0;
  return {
    whole: weightOf('whole'),
    recent: weightOf('recent'),
    profile: weightOf('profile'),
    activity: weightOf('activity'),
    own: weightOf('own'),
    share: weightOf('share'),
  };
}

const observe = ({ data, heldOut }: WeightsTask, items: Uint32Array): Observed => ({
  items,
  own: ownCounts(data.usersByItem, items),
  came: ownCounts(heldOut, items),
});

function usersComeBack(task: WeightsTask, segments: readonly Uint32Array[]): boolean {
  let [returns, all] = [0, 0];
  for (const items of segments) {
    const { own, came } = observe(task, items);
    for (let user = 0; user < came.length; user++) {
      if (came[user] === 0) continue;
      all++;
      if (own[user] > 0) returns++;
    }
  }
  return comeBack(returns, all);
}

/** Some of those who came and some of the others, who stand for all of them; nothing where nobody came. */
function observationOf(
  { data, vectors }: WeightsTask,
  names: readonly Name[],
  { items, own, came }: Observed,
  keepsKnown: boolean,
  random: () => number,
): Observation | undefined {
  const comers: number[] = [];
  let others = 0;
  for (let user = 0; user < came.length; user++) {
    if (own[user] > 0 && !keepsKnown) continue;
    if (came[user] > 0) comers.push(user);
    else others++;
  }
  if (comers.length === 0) return undefined;
  const isOther = (user: number) => came[user] === 0 && (keepsKnown || own[user] === 0);
  const chosen = comers.length > most.users ? shuffled(comers, random).slice(0, most.users) : comers;
  const sample = drawUsers(came.length, others, isOther, random);
  const users = [...chosen, ...sample];
  const vector = segmentVector(data, items);
  const values = new Float32Array(users.length * names.length);
  for (const [n, user] of users.entries()) {
    const features = featuresOf(vectors, vector, user, countFeatures(data.lengths[user], own[user]));
    for (const [at, name] of names.entries()) values[n * names.length + at] = features[name];
  }
  const logWeights = Float32Array.from(users, (_, n) =>
    Math.log(n < chosen.length ? comers.length / chosen.length : others / sample.length),
  );
  return { values, logWeights, chosen: Array.from(chosen.keys()) };
}

/** Some of the users for whom this holds, of whom there are `count` among all; all where they are few. */
function drawUsers(
  users: number,
  count: number,
  isWanted: (user: number) => boolean,
  random: () => number,
): readonly number[] {
  if (count <= 2 * most.users) {
    const all = Array.from({ length: users }, (_, user) => user).filter(isWanted);
    return shuffled(all, random).slice(0, most.users);
  }
  const drawn = new Set<number>();
  while (drawn.size < most.users) {
    const user = Math.floor(users * random());
    if (isWanted(user)) drawn.add(user);
  }
  return [...drawn];
}

function featuresOf(
  { whole, recent, profiles }: UserVectors,
  { factors, features }: SegmentVector,
  user: number,
  [activity, own, share]: ReturnType<typeof countFeatures>,
): Readonly<Record<Name, number>> {
  return {
    whole: product(whole, user, factors),
    recent: product(recent, user, factors),
    profile: profiles ? product(profiles, user, features) : 0,
    activity,
    own,
    share,
  };
}

function product(vectors: Float32Array, row: number, vector: Float32Array): number {
  let sum = 0;
  for (let n = 0, at = row * vector.length; n < vector.length; n++, at++) sum += vectors[at] * vector[n];
  return sum;
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const copy = [...values];
  for (let n = copy.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [copy[n], copy[other]] = [copy[other], copy[n]];
  }
  return copy;
}
