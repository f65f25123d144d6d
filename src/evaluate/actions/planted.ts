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

/** People with traits, of which their age and tier say something and the items that they choose say more. */
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
const kindNames = ['Loyalty', 'Upgrade', 'Survey', 'Download', 'Credit'];

/**
 * Users, items, actions and what came of showing them, by chances that are known: of an action, of the user's traits
 * and of how willing the user is, less where the action was shown or taken before. A policy that knows something of
 * the traits chose what to show, so that exposures are no random sample.
 */
export function plantedActions(sizes: PlantedSizes, seed: number): PlantedActions {
  const random = uniforms(seed);
  const normal = normals(1, seed + 1);
  const drawTraits = (scale: number) => Float64Array.from({ length: traits }, () => scale * normal());
  const pick = (length: number) => Math.floor(random() * length);

  const userTraits = Array.from({ length: sizes.users }, () => drawTraits(1));
  const willingness = Float64Array.from(userTraits, () => 0.3 * normal());
  const people = {
    ages: Float64Array.from(userTraits, (own) => Math.round(45 + 10 * own[0] + 5 * normal())),
    tiers: userTraits.map((own) => ['bronze', 'silver', 'gold'][level(own[1] + 0.5 * normal())] ?? 'bronze'),
    regions: userTraits.map(() => `region ${pick(8)}`),
  };

  const itemTraits = Array.from({ length: sizes.items }, () => drawTraits(1));
  const popularity = Float64Array.from(itemTraits, () => 0.7 * normal());
  const items = {
    categories: itemTraits.map((own) => `category ${own.indexOf(Math.max(...own))}`),
    prices: Float64Array.from(itemTraits, (own) => Math.round(20 * Math.exp(0.5 * own[0] + 0.3 * normal()))),
  };

  const kindTraits = kindNames.map(() => drawTraits(0.5));
  const kindOf = Uint8Array.from({ length: sizes.actions }, () => pick(kindNames.length));
  const actionTraits = Array.from(kindOf, (kind) =>
    drawTraits(0.5).map((own, n) => own + (kindTraits[kind]?.[n] ?? 0)),
  );
  const base = Float64Array.from(kindOf, () => -1.2 + 0.7 * normal());
  const reach = Float64Array.from(kindOf, () => 0.6 * normal());
  const values = Uint8Array.from(kindOf, () => 1 + pick(10));

  const logit = (user: number, action: number, views: number, takenAgo: number) =>
    base[action] +
    dot(actionTraits[action], userTraits[user]) +
    willingness[user] -
    0.4 * Math.log1p(views) -
    1.5 * Math.exp(-takenAgo / (28 * day));

  const histories = emptyHistories(sizes.users, sizes.users * sizes.interactions);
  const weights = new Float64Array(Math.max(sizes.items, sizes.actions));
  for (let user = 0; user < sizes.users; user++) {
    for (let item = 0; item < sizes.items; item++)
      weights[item] = Math.exp(popularity[item] + 0.8 * dot(itemTraits[item], userTraits[user]));
    const times = Float64Array.from({ length: sizes.interactions }, () => Math.floor(end - 2 * span * random())).sort();
    times.forEach((time, n) => {
      const at = user * sizes.interactions + n;
      histories.items[at] = drawn(weights, sizes.items, random());
      histories.timestamps[at] = time;
    });
    histories.offsets[user + 1] = (user + 1) * sizes.interactions;
  }

  const exposures: PlantedExposure[] = [];
  const shown = Array.from(
    { length: sizes.users },
    () => new Map<number, { views: number; at: number; taken: number }>(),
  );
  const recorded: { user: number; action: number; time: number; type: number }[] = [];
  for (let user = 0; user < sizes.users; user++) {
    const times = Float64Array.from({ length: sizes.exposures }, () => Math.floor(end - span * random())).sort();
    for (const time of times) {
      for (let action = 0; action < sizes.actions; action++) {
        const before = shown[user]?.get(action);
        const isFree = before === undefined || time - before.at > period;
        const liking = 0.7 * dot(actionTraits[action], userTraits[user]);
        weights[action] = isFree ? Math.exp(reach[action] + liking) : 0;
      }
      const action = drawn(weights, sizes.actions, random());
      const before = shown[user]?.get(action) ?? { views: 0, at: 0, taken: Number.NEGATIVE_INFINITY };
      const chance = 1 / (1 + Math.exp(-logit(user, action, before.views, time - before.taken)));
      const isTaken = random() < chance;
      exposures.push({ user, action, time, chance, isTaken });
      record(user, action, time, actionEventCodes.VIEWED);
      const answeredAt = isTaken ? time + delay(random()) : time + 60;
      if (isTaken) record(user, action, answeredAt, actionEventCodes.TAKEN);
      else if (random() < 0.5) record(user, action, answeredAt, actionEventCodes.NOT_TAKEN);
      const taken = isTaken ? answeredAt : before.taken;
      shown[user]?.set(action, { views: before.views + 1, at: time, taken });
    }
  }

  function record(user: number, action: number, time: number, type: number): void {
    if (time <= end) recorded.push({ user, action, time, type });
  }

  return {
    sizes,
    histories,
    people,
    items,
    kinds: Array.from(kindOf, (kind) => kindNames[kind] ?? ''),
    values,
    exposures,
    events: eventsOf(recorded, sizes.users),
    end,
    chanceAtEnd(user, action) {
      const before = shown[user]?.get(action) ?? { views: 0, taken: Number.NEGATIVE_INFINITY };
      return 1 / (1 + Math.exp(-logit(user, action, before.views, end - before.taken)));
    },
  };
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

function eventsOf(
  recorded: { readonly user: number; readonly action: number; readonly time: number; readonly type: number }[],
  users: number,
): ActionData['histories'] {
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
