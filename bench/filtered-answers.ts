import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { automaticClause } from '../src/control/runtime/automatic-filter.ts';
import { openStore } from '../src/data/objects/open-store.ts';
import { AttributeTable } from '../src/data/views/attributes/attribute-table.ts';
import type { EventsByType } from '../src/data/views/events-by-type/events-by-type.ts';
import { uniforms } from '../src/learn/kernels/random.ts';
import { writeModelFolder } from '../src/learn/model/model-folder.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import { Eligibility } from '../src/serve/eligibility/eligibility.ts';
import { readFilter } from '../src/serve/filters/checker.ts';
import type { FilterValues } from '../src/serve/filters/filter-values.ts';
import { needsOf } from '../src/serve/filters/needs.ts';
import { openServing } from '../src/serve/open-serving.ts';
import type { Deployment, Serving } from '../src/serve/serving.ts';
import { madeUpTransformer } from './made-up-transformer.ts';
import { median, quantile } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const users = 512;
const history = 50;
const count = 25;
const bought = 100;
/** Items that a narrow filter lets pass. */
const narrow = 100;
const genres = 20;
const limits = { p50: 1, p99: 3, narrow: 5, rate: 0.8, automatic: 0.3 };

const fields = [
  { name: 'GENRES', type: 'string', categorical: true },
  { name: 'LINE', type: 'string', categorical: false },
  { name: 'PRICE', type: 'float', categorical: false },
  { name: 'YEAR', type: 'int', categorical: false },
] as const;
const schemas = {
  ITEMS: { fields: fields.map((field) => ({ ...field, textual: false })) },
  INTERACTIONS: { fields: [{ name: 'EVENT_TYPE', type: 'string', categorical: false, textual: false }] },
} as const;
const three = `INCLUDE ItemID WHERE Items.GENRES IN ($G) AND Items.PRICE <= $MAX AND Items.YEAR >= $SINCE
  | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")`;

/** The way of a filtered request from its values to the list, without HTTP, beside one without a filter. */
export async function benchFilteredAnswers({ quick }: BenchOptions): Promise<BenchResult[]> {
  const [large, small] = quick ? [50_000, 5_000] : [1_000_000, 27_000];
  return [
    ...(await withCatalogue(large, quick, latencies)),
    ...(await withCatalogue(small, quick, rates)),
    ...(await withCatalogue(small, quick, leftOut)),
  ];
}

type Catalogue = {
  readonly size: number;
  readonly serving: Serving;
  readonly ask: (
    user: number,
    filtered?: { readonly expression: string; readonly values: FilterValues },
  ) => Promise<number>;
  /** The same items as the rows of attributes, in another order than the model's. */
  readonly askShuffled: Catalogue['ask'];
  /** A record of an item comes before each request. */
  readonly askWhilePut: Catalogue['ask'];
};

const beyondNone = [
  'values that no request had',
  'values that repeat',
  'the same, rows in another order',
  'the same, after a record of an item',
] as const;

async function latencies({ ask, askShuffled, askWhilePut, size }: Catalogue, quick: boolean): Promise<BenchResult[]> {
  const requests = quick ? 50 : 400;
  const drawn = uniforms(3);
  const price = () => (10 + 70 * drawn()).toFixed(4);
  const kinds = {
    none: (n: number) => ask(n),
    'values that no request had': (n: number) => ask(n, { expression: three, values: valuesOf(n, price()) }),
    'values that repeat': (n: number) => ask(n, { expression: three, values: valuesOf(n, `${20 + (n % 50)}`) }),
    'the same, rows in another order': (n: number) =>
      askShuffled(n, { expression: three, values: valuesOf(n, `${20 + (n % 50)}`) }),
    'the same, after a record of an item': (n: number) =>
      askWhilePut(n, { expression: three, values: valuesOf(n, `${20 + (n % 50)}`) }),
    narrow: (n: number) =>
      ask(n, {
        expression: 'INCLUDE ItemID WHERE Items.LINE = $L',
        values: { L: `"line-${(n * 7919) % (size / narrow)}"` },
      }),
  };
  const times = await inTurns(kinds, requests);
  const beyond = (kind: keyof typeof kinds, share: number) =>
    quantile(times[kind], share) - quantile(times.none, share);
  const detail = `${size.toLocaleString('en')} items, ${requests} requests, one at a time; without a filter p50 ${median(times.none).toFixed(2)} ms, p99 ${quantile(times.none, 0.99).toFixed(2)} ms`;
  return [
    ...beyondNone.flatMap((kind) => [
      {
        name: `filters: ${kind}, beyond no filter, p50`,
        value: beyond(kind, 0.5),
        unit: 'ms',
        limit: limits.p50,
        detail,
      },
      { name: `filters: ${kind}, beyond no filter, p99`, value: beyond(kind, 0.99), unit: 'ms', limit: limits.p99 },
    ]),
    { name: 'filters: one item in 10,000 passes, p50', value: median(times.narrow), unit: 'ms', limit: limits.narrow },
    { name: 'filters: one item in 10,000 passes, p99', value: quantile(times.narrow, 0.99), unit: 'ms' },
  ];
}

/** What a recommender leaves out by itself: the newest purchases of each user. */
async function leftOut({ ask, size }: Catalogue, quick: boolean): Promise<BenchResult[]> {
  const requests = quick ? 50 : 1000;
  const expression = automaticClause('Purchase');
  const kinds = { none: (n: number) => ask(n), automatic: (n: number) => ask(n, { expression, values: {} }) };
  const times = await inTurns(kinds, requests);
  const beyond = (share: number) => quantile(times.automatic, share) - quantile(times.none, share);
  const detail = `${size.toLocaleString('en')} items, ${bought} purchases of each user, ${requests} requests, one at a time; without p50 ${median(times.none).toFixed(2)} ms`;
  return [
    {
      name: 'filters: the automatic filter, beyond none, p50',
      value: beyond(0.5),
      unit: 'ms',
      limit: limits.automatic,
      detail,
    },
    { name: 'filters: the automatic filter, beyond none, p99', value: beyond(0.99), unit: 'ms' },
  ];
}

async function rates({ ask, size }: Catalogue, quick: boolean): Promise<BenchResult[]> {
  const kinds = {
    none: (n: number) => ask(n),
    filtered: (n: number) => ask(n, { expression: three, values: valuesOf(n, `${20 + (n % 50)}`) }),
  };
  const rounds = quick ? 2 : 12;
  const many = quick ? 100 : 1000;
  const seconds = { none: [] as number[], filtered: [] as number[] };
  for (let round = -2; round < rounds; round++) {
    for (const kind of ['none', 'filtered'] as const) {
      const began = performance.now();
      let next = 0;
      const caller = async () => {
        while (next < many) await kinds[kind](next++);
      };
      await Promise.all(Array.from({ length: 16 }, caller));
      if (round >= 0) seconds[kind].push((performance.now() - began) / 1000);
    }
  }
  const [plain, filtered] = [many / median(seconds.none), many / median(seconds.filtered)];
  return [
    {
      name: 'filters: rate of filtered answers beside others',
      value: filtered,
      unit: 'requests/s',
      ratio: filtered / plain,
      least: limits.rate,
      detail: `${size.toLocaleString('en')} items, 16 callers, ${plain.toFixed(0)} requests/s without a filter`,
    },
  ];
}

const valuesOf = (n: number, price: string): FilterValues => ({
  G: `"genre-${n % genres}","genre-${(n + 7) % genres}"`,
  MAX: `"${price}"`,
  SINCE: `"${1990 + (n % 20)}"`,
});

/** Milliseconds of each kind of request, in turns, so that whatever else the machine does weighs on all alike. */
async function inTurns<Kind extends string>(
  kinds: Readonly<Record<Kind, (n: number) => Promise<number>>>,
  requests: number,
): Promise<Record<Kind, number[]>> {
  const names = Object.keys(kinds) as Kind[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Kind, number[]>;
  const warmUps = Math.ceil(requests / 4);
  for (let n = 0; n < requests + warmUps; n++) {
    for (const name of names) {
      const began = performance.now();
      const found = await kinds[name](n);
      if (found !== count) throw new Error(`${name}: ${found} items, not ${count}.`);
      if (n >= warmUps) times[name].push(performance.now() - began);
    }
  }
  return times;
}

async function withCatalogue(
  size: number,
  quick: boolean,
  measure: (catalogue: Catalogue, quick: boolean) => Promise<BenchResult[]>,
): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const deployment = await storeModel(join(folder, 'store'), size);
    const serving = await openServing({
      store: await openStore({ folder: join(folder, 'store') }),
      workers: 1,
      idleAfterMs: 3_600_000,
      memoryLimitBytes: 2 ** 34,
      now: () => performance.now(),
    });
    try {
      const asker = (step: number) => askerOf(serving, deployment, attributesOf(size, step), size);
      const changing = attributesOf(size, 1);
      const askChanging = askerOf(serving, deployment, changing, size);
      const askWhilePut: Catalogue['ask'] = (n, filtered) => {
        putPrice(changing, `item-${(n * 7_919) % size}`, 10 + (n % 90));
        return askChanging(n, filtered);
      };
      // A step that has no divisor in common with the size.
      return await measure({ size, serving, ask: asker(1), askShuffled: asker(7_919), askWhilePut }, quick);
    } finally {
      await serving.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeModel(store: string, size: number): Promise<Deployment> {
  const recipe = 'aws-user-personalization-v2';
  const model = `models/${recipe}/`;
  const learned = await madeUpTransformer({ items: size, users, history, signals: size > 100_000 ? 0.1 : 1 });
  const items = Vocabulary.of(Array.from({ length: size }, (_, item) => `item-${item}`));
  const content = { learned, items, users: Vocabulary.of(Array.from({ length: users }, (_, user) => `user-${user}`)) };
  await mkdir(join(store, model), { recursive: true });
  const counts = { users, items: size, interactions: users * history };
  await writeModelFolder(join(store, model), content, { recipe, parameters: {}, seed: 1, counts, metrics: {} });
  return {
    ownerArn: 'arn:aws:personalize:us-east-1:000000000000:campaign/bench',
    recipeType: 'USER_PERSONALIZATION',
    model,
  };
}

/** Row `n` is that of item `n × step` modulo the size. */
function attributesOf(size: number, step: number): AttributeTable {
  const table = new AttributeTable({ idColumn: 'ITEM_ID', fields });
  const random = uniforms(1);
  const draw = (below: number) => Math.floor(random() * below);
  table.reserve(size);
  for (let row = 0; row < size; row++) {
    const item = (row * step) % size;
    const cells: Readonly<Record<string, string>> = {
      GENRES: Array.from({ length: 1 + draw(3) }, () => `genre-${draw(genres)}`).join('|'),
      LINE: `line-${item % (size / narrow)}`,
      PRICE: (draw(10_000) / 100).toString(),
      YEAR: `${1950 + draw(75)}`,
    };
    table.put(`item-${item}`, (column) => cells[column] ?? '');
  }
  return table;
}

/** As a record of PutItems changes it. */
function putPrice(items: AttributeTable, id: string, price: number): void {
  const row = items.rowOf(id);
  items.put(id, (column) => (column === 'PRICE' ? String(price) : (items.textAt(row, column) ?? '')));
}

function askerOf(serving: Serving, deployment: Deployment, items: AttributeTable, size: number): Catalogue['ask'] {
  const eligibility = new Eligibility(serving);
  const filters = new Map<string, ReturnType<typeof filterOf>>();
  const events = eventsOf(size);
  return async (n, filtered) => {
    const userId = `user-${n % users}`;
    if (!filtered) return (await serving.recommend(deployment, { userId, count })).items.length;
    const { expression, values } = filtered;
    const filter = filters.get(expression) ?? filterOf(expression);
    filters.set(expression, filter);
    using eligible = await eligibility.of({ deployment, filter, values, items, events, userId });
    return (await serving.recommend(deployment, { userId, count, eligible: eligible.items })).items.length;
  };
}

function filterOf(expression: string) {
  const filter = readFilter(expression, schemas);
  if (filter.subject !== 'ItemID') throw new Error(`${expression} is no filter of items.`);
  return { key: expression, filter, needs: needsOf(filter) };
}

/** Each user has bought as many items as filters consider. */
function eventsOf(size: number): EventsByType {
  const ofUsers = new Map<string, Map<string, Uint32Array>>();
  const random = uniforms(4);
  for (let user = 0; user < users; user++) {
    const items = Uint32Array.from({ length: bought }, () => Math.floor(random() * size));
    ofUsers.set(`user-${user}`, new Map(['buy', 'purchase'].map((type) => [type, items])));
  }
  return { find: (id) => ofUsers.get(id) ?? new Map(), itemCount: size, itemId: (item) => `item-${item}` };
}
