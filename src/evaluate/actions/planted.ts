import { sigmoid } from '../../learn/families/actions/regression.ts';
import type { Cell, FeatureColumn, Metadata } from '../../learn/features/column.ts';
import { learnFeatures } from '../../learn/features/learn-features.ts';
import { type ActionData, actionEventCodes } from '../../learn/histories/action-data.ts';
import { emptyHistories, type Histories } from '../../learn/histories/histories.ts';
import { normals, uniforms } from '../../learn/kernels/random.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';

export type PlantedSizes = {
  readonly users: number;
  readonly items: number;
  readonly actions: number;
  /** Of each user. */
  readonly interactions: number;
  readonly exposures: number;
};

/** A moment at which someone was shown an action, and how likely it was to be taken. */
export type PlantedExposure = {
  readonly user: number;
  readonly action: number;
  readonly time: number;
  readonly chance: number;
  readonly isTaken: boolean;
};

/** People with traits: their age and tier say something of these, and the items that they choose say more. */
export type PlantedPeople = {
  readonly ages: Float64Array;
  readonly tiers: readonly string[];
  readonly regions: readonly string[];
};

export type PlantedActions = {
  readonly sizes: PlantedSizes;
  readonly histories: Histories;
  readonly people: PlantedPeople;
  readonly items: { readonly categories: readonly string[]; readonly prices: Float64Array };
  readonly kinds: readonly string[];
  readonly values: Uint8Array;
  /** Of each user, from the oldest to the newest; what came of it may lie after the end of the data. */
  readonly exposures: readonly PlantedExposure[];
  readonly events: ActionData['histories'];
  /** Seconds since the epoch: the end of the data. */
  readonly end: number;
  /** How likely a user is to take an action when it is shown at the end. */
  chanceAtEnd(user: number, action: number): number;
};

const day = 86_400;
const end = 1_760_000_000;
const span = 84 * day;
/** Nobody is shown an action again within it, so that each answer is that of one exposure. */
const period = 14 * day;
const traits = 4;
const tiers = ['bronze', 'silver', 'gold'];
const kindNames = ['Loyalty', 'Upgrade', 'Survey', 'Download', 'Credit'];

/**
 * Users, items, actions and what came of showing them, by chances that are known: of an action, of the user's traits
 * and of how willing the user is, less where the action was shown or taken before. A policy that knows something of
 * the traits chose what to show, so that exposures are no random sample.
 */
export function plantedActions(sizes: PlantedSizes, seed: number): PlantedActions {
  const draws = drawsOf(seed);
  const users = plantUsers(sizes.users, draws);
  const items = plantItems(sizes.items, draws);
  const actions = plantActions(sizes.actions, draws);
  const chanceOf = (user: number, action: number, before: Shown, now: number) =>
    sigmoid(
      actions.base[action] +
        dot(actions.traits[action], users.traits[user]) +
        users.willingness[user] -
        0.4 * Math.log1p(before.views) -
        1.5 * Math.exp((before.takenAt - now) / (28 * day)),
    );
  const histories = plantHistories(sizes, users, items, draws);
  const { exposures, recorded, shown } = plantExposures(sizes, { users, actions, chanceOf }, draws);
  return {
    sizes,
    histories,
    people: users.people,
    items: items.known,
    kinds: actions.kinds,
    values: actions.values,
    exposures,
    events: eventsOf(recorded, sizes.users),
    end,
    chanceAtEnd: (user, action) => chanceOf(user, action, shown[user]?.get(action) ?? neverShown, end),
  };
}

type Draws = {
  random(): number;
  normal(): number;
  traits(scale: number): Float64Array;
  /** A whole number below `count`. */
  pick(count: number): number;
};

function drawsOf(seed: number): Draws {
  const random = uniforms(seed);
  const normal = normals(1, seed + 1);
  return {
    random,
    normal,
    traits: (scale) => Float64Array.from({ length: traits }, () => scale * normal()),
    pick: (count) => Math.floor(random() * count),
  };
}

function plantUsers(count: number, draws: Draws) {
  const own = Array.from({ length: count }, () => draws.traits(1));
  return {
    traits: own,
    willingness: Float64Array.from(own, () => 0.3 * draws.normal()),
    people: {
      ages: Float64Array.from(own, ([first = 0]) => Math.round(45 + 10 * first + 5 * draws.normal())),
      tiers: own.map(([, second = 0]) => tiers[level(second + 0.5 * draws.normal())] ?? 'bronze'),
      regions: own.map(() => `region ${draws.pick(8)}`),
    },
  };
}

function plantItems(count: number, draws: Draws) {
  const own = Array.from({ length: count }, () => draws.traits(1));
  return {
    traits: own,
    popularity: Float64Array.from(own, () => 0.7 * draws.normal()),
    known: {
      categories: own.map((each) => `category ${each.indexOf(Math.max(...each))}`),
      prices: Float64Array.from(own, ([first = 0]) => Math.round(20 * Math.exp(0.5 * first + 0.3 * draws.normal()))),
    },
  };
}

function plantActions(count: number, draws: Draws) {
  const kindTraits = kindNames.map(() => draws.traits(0.5));
  const kindOf = Uint8Array.from({ length: count }, () => draws.pick(kindNames.length));
  return {
    kinds: Array.from(kindOf, (kind) => kindNames[kind] ?? ''),
    traits: Array.from(kindOf, (kind) => draws.traits(0.5).map((own, n) => own + (kindTraits[kind]?.[n] ?? 0))),
    base: Float64Array.from(kindOf, () => -1.2 + 0.7 * draws.normal()),
    reach: Float64Array.from(kindOf, () => 0.6 * draws.normal()),
    values: Uint8Array.from(kindOf, () => 1 + draws.pick(10)),
  };
}

function plantHistories(
  sizes: PlantedSizes,
  users: ReturnType<typeof plantUsers>,
  items: ReturnType<typeof plantItems>,
  { random }: Draws,
): Histories {
  const histories = emptyHistories(sizes.users, sizes.users * sizes.interactions);
  const weights = new Float64Array(sizes.items);
  for (let user = 0; user < sizes.users; user++) {
    for (let item = 0; item < sizes.items; item++)
      weights[item] = Math.exp(items.popularity[item] + 0.8 * dot(items.traits[item], users.traits[user]));
    const times = Float64Array.from({ length: sizes.interactions }, () => Math.floor(end - 2 * span * random())).sort();
    times.forEach((time, n) => {
      const at = user * sizes.interactions + n;
      histories.items[at] = drawn(weights, sizes.items, random());
      histories.timestamps[at] = time;
    });
    histories.offsets[user + 1] = (user + 1) * sizes.interactions;
  }
  return histories;
}

/** What came of an action for a user so far. */
type Shown = { readonly views: number; readonly at: number; readonly takenAt: number };
const neverShown: Shown = { views: 0, at: Number.NEGATIVE_INFINITY, takenAt: Number.NEGATIVE_INFINITY };

type Recorded = { readonly user: number; readonly action: number; readonly time: number; readonly type: number };

type Policy = {
  readonly users: Pick<ReturnType<typeof plantUsers>, 'traits'>;
  readonly actions: Pick<ReturnType<typeof plantActions>, 'traits' | 'reach'>;
  chanceOf(user: number, action: number, before: Shown, now: number): number;
};

function plantExposures(sizes: PlantedSizes, { users, actions, chanceOf }: Policy, { random }: Draws) {
  const exposures: PlantedExposure[] = [];
  const shown = Array.from({ length: sizes.users }, () => new Map<number, Shown>());
  const recorded: Recorded[] = [];
  const record = (event: Recorded) => {
    if (event.time <= end) recorded.push(event);
  };
  const weights = new Float64Array(sizes.actions);
  for (const [user, own] of shown.entries()) {
    const times = Float64Array.from({ length: sizes.exposures }, () => Math.floor(end - span * random())).sort();
    for (const time of times) {
      for (let action = 0; action < sizes.actions; action++) {
        const isFree = time - (own.get(action) ?? neverShown).at > period;
        const liking = 0.7 * dot(actions.traits[action], users.traits[user]);
        weights[action] = isFree ? Math.exp(actions.reach[action] + liking) : 0;
      }
      const action = drawn(weights, sizes.actions, random());
      const before = own.get(action) ?? neverShown;
      const chance = chanceOf(user, action, before, time);
      const isTaken = random() < chance;
      exposures.push({ user, action, time, chance, isTaken });
      record({ user, action, time, type: actionEventCodes.VIEWED });
      const answeredAt = isTaken ? time + delay(random()) : time + 60;
      if (isTaken) record({ user, action, time: answeredAt, type: actionEventCodes.TAKEN });
      else if (random() < 0.5) record({ user, action, time: answeredAt, type: actionEventCodes.NOT_TAKEN });
      own.set(action, { views: before.views + 1, at: time, takenAt: isTaken ? answeredAt : before.takenAt });
    }
  }
  return { exposures, recorded, shown };
}

/** Most who take an action do so within days. */
const delay = (uniform: number) => Math.min(Math.floor(-1.5 * day * Math.log(1 - uniform)), period - 1);

const level = (x: number) => (x < -0.5 ? 0 : x < 0.8 ? 1 : 2);

function dot(one: Float64Array | undefined, other: Float64Array | undefined): number {
  let sum = 0;
  for (let n = 0; one && other && n < one.length; n++) sum += one[n] * other[n];
  return sum;
}

/** The index that a uniform number falls on, among so many weights. */
function drawn(weights: Float64Array, count: number, uniform: number): number {
  let total = 0;
  for (let n = 0; n < count; n++) total += weights[n];
  let rest = uniform * total;
  for (let n = 0; n < count; n++) {
    rest -= weights[n];
    if (rest < 0) return n;
  }
  return count - 1;
}

function eventsOf(recorded: Recorded[], users: number): ActionData['histories'] {
  recorded.sort((a, b) => a.user - b.user || a.time - b.time || a.type - b.type || a.action - b.action);
  const offsets = new Uint32Array(users + 1);
  recorded.forEach(({ user }, n) => {
    offsets[user + 1] = n + 1;
  });
  for (let user = 0; user < users; user++) offsets[user + 1] = Math.max(offsets[user + 1], offsets[user]);
  return {
    starts: offsets.subarray(0, users),
    ends: offsets.subarray(1),
    actions: Uint32Array.from(recorded, ({ action }) => action),
    timestamps: Float64Array.from(recorded, ({ time }) => time),
    types: Uint8Array.from(recorded, ({ type }) => type),
  };
}

/** The same as what the recipe learns from. */
export async function learnable({ sizes, people, items, kinds, values, events }: PlantedActions) {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
  const users = columnsOf(sizes.users, [
    ['AGE', 'numeric', (n) => people.ages[n]],
    ['TIER', 'categorical', (n) => people.tiers[n] ?? null],
    ['REGION', 'categorical', (n) => people.regions[n] ?? null],
  ]);
  const ofItems = columnsOf(sizes.items, [
    ['CATEGORY', 'categorical', (n) => items.categories[n] ?? null],
    ['PRICE', 'numeric', (n) => items.prices[n]],
  ]);
  const ofActions = columnsOf(sizes.actions, [
    ['KIND', 'categorical', (n) => kinds[n] ?? null],
    ['VALUE', 'numeric', (n) => values[n]],
  ]);
  return {
    userFeatures: await learnFeatures(users),
    itemFeatures: await learnFeatures(ofItems),
    actions: {
      actions: Vocabulary.of(ids('action', sizes.actions)),
      features: await learnFeatures(ofActions),
      histories: events,
    },
    items: Vocabulary.of(ids('item', sizes.items)),
    users: Vocabulary.of(ids('user', sizes.users)),
  };
}

type ColumnOf = readonly [name: string, kind: FeatureColumn['kind'], cell: (row: number) => Cell];

const columnsOf = (rowCount: number, columns: readonly ColumnOf[]): Metadata => ({
  columns: columns.map(([name, kind]) => ({ name, kind })),
  rowCount,
  async *rows(every) {
    for (let row = 0; row < rowCount; row += every) yield columns.map(([, , cell]) => cell(row));
  },
});
