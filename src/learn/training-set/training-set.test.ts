import { describe, expect, it } from 'vitest';
import { historyOf } from '../histories/histories.ts';
import { usualDatasets } from '../recipes/recipe.ts';
import { field, interactionFields, temporaryFolder, unwatched, writeDataset } from '../training/training.fixture.ts';
import { serviceTrainingLimits, type TrainingRequest } from '../training/training.ts';
import { buildTrainingSet, type LearningNeeds, type TrainingSet } from './training-set.ts';

type Rows = (string | number | null)[][];
type Options = Partial<TrainingRequest> & {
  readonly fields?: typeof interactionFields;
  readonly catalogue?: Rows[];
  readonly eventsLeftOut?: number;
  readonly needs?: Partial<LearningNeeds>;
};

/** 30 users with 40 different interactions each: enough to train on. */
const enough: Rows = Array.from({ length: 1200 }, (_, n) => [`user${n % 30}`, `item${n % 40}`, 1000 + n]);
const withTypes = [...interactionFields, field('EVENT_TYPE'), field('EVENT_VALUE', 'float')];
const typed = (type: string, value: number | null, rows = enough): Rows => rows.map((row) => [...row, type, value]);

async function build(
  rows: Rows | Rows[],
  { fields = interactionFields, catalogue, eventsLeftOut = 0, needs, ...options }: Options = {},
) {
  await using folder = await temporaryFolder();
  // One list of rows is one file.
  const files = Array.isArray(rows[0]?.[0]) ? (rows as Rows[]) : [rows as Rows];
  const interactions = { ...(await writeDataset(`${folder.path}/interactions`, fields, ...files)), eventsLeftOut };
  const items = catalogue && (await writeDataset(`${folder.path}/items`, [field('ITEM_ID')], ...catalogue));
  return await buildTrainingSet(
    { interactions, ...(items && { items }), workFolder: folder.path, limits: serviceTrainingLimits, ...options },
    unwatched,
    { datasets: usualDatasets, ...needs },
  );
}

function historyOfId({ users, items, histories }: TrainingSet, id: string): string[] {
  return Array.from(historyOf(histories, users.indexOf(id)).items, (item) => items.id(item));
}

describe('buildTrainingSet', () => {
  it('orders each history by time, whatever the order of rows and files', async () => {
    const set = await build([[...enough, ['a', 'third', 30], ['a', 'first', 10]], [['a', 'second', 20]]]);
    expect(historyOfId(set, 'a')).toEqual(['first', 'second', 'third']);
    expect([...historyOf(set.histories, set.users.indexOf('a')).timestamps]).toEqual([10, 20, 30]);
  });

  it('indexes by number of interactions, ties by id, and then the items that only the catalogue knows', async () => {
    const set = await build([...enough, ['user7', 'item3', 1], ['user7', 'item3', 2]], {
      catalogue: [
        [['new2'], ['item3']],
        [['new1'], ['new2']],
      ],
    });
    expect(set.users.id(0)).toBe('user7');
    expect(set.users.id(1)).toBe('user0');
    expect(set.items.id(0)).toBe('item3');
    expect([...set.items].slice(40)).toEqual(['new1', 'new2']);
    expect(set.items.size).toBe(42);
  });

  it('counts duplicates once: the same user, item and time with the same properties', async () => {
    const twice = [...typed('click', 1), ...typed('click', 1)];
    expect((await build(twice, { fields: withTypes })).histories.items).toHaveLength(1200);
    const different = [...typed('click', 1), ...typed('buy', 1), ...typed('click', null)];
    expect((await build(different, { fields: withTypes })).histories.items).toHaveLength(3600);
    expect((await build([enough, enough])).histories.items).toHaveLength(1200);
  });

  it('keeps events of one type, and of at least a value in the precision of the column', async () => {
    const rows = [
      ...typed('watch', 3.6),
      ...typed('watch', 3.5, enough.slice(0, 100)),
      ...typed('watch', null, enough.slice(100, 200)),
      ...typed('click', 5),
    ];
    const set = await build(rows, { fields: withTypes, eventType: 'watch', eventValueThreshold: 3.6 });
    expect(set.histories.items).toHaveLength(1200);
  });

  it('keeps the listed types of events, each from its own value on', async () => {
    const rows = [
      ...typed('watch', 3),
      ...typed('watch', 2, enough.slice(0, 100)),
      ...typed('click', null, enough.slice(0, 200)),
      ...typed('skip', 5),
    ];
    const events = [
      { eventType: 'watch', eventValueThreshold: 2.5, weight: 1 },
      { eventType: 'click', weight: 0 },
    ];
    const { histories } = await build(rows, { fields: withTypes, events });
    expect(histories.items).toHaveLength(1400);
    expect(histories.columns).toMatchObject([{ name: 'EVENT_TYPE', values: ['watch', 'click'] }]);
  });

  it('keeps the events of a use case in any case, and counts these alone', async () => {
    const views = { useCase: { requiredIds: [], trainsOn: 'View' } } as const;
    const rows = [
      ...typed('View', 1, enough.slice(0, 500)),
      ...typed('VIEW', 2, enough.slice(500)),
      ...typed('Viewed', 3),
      ...typed('Purchase', 4),
    ];
    expect((await build(rows, { fields: withTypes, needs: views })).histories.items).toHaveLength(1200);
    const few = rows.filter(([, item]) => item !== 'item7' && item !== 'item8' && item !== 'item9');
    const tooFew = [...few.slice(0, 900), ...few.slice(1110)];
    await expect(build(tooFew, { fields: withTypes, needs: views })).rejects.toThrow(
      'Dataset has fewer than 1000 interactions after filtering by event type: View. Of its 3120 interactions, ' +
        '2220 have another event type ("Purchase" 1110, "Viewed" 1110): 900 are left. Import or send more.',
    );
  });

  it('takes other events along where the use case learns from them, and counts its own', async () => {
    const needs = { useCase: { requiredIds: [], trainsOn: 'Purchase', learnsFromOthers: true } } as const;
    const rows = [...typed('purchase', 1), ...typed('View', 1)];
    const set = await build(rows, { fields: withTypes, needs });
    expect(set.histories.items).toHaveLength(2400);
    const few = [...typed('purchase', 1, enough.slice(0, 999)), ...typed('View', 1)];
    await expect(build(few, { fields: withTypes, needs })).rejects.toThrow(
      'Dataset has fewer than 1000 interactions after filtering by event type: Purchase. Of its 2199 interactions, ' +
        '1200 have another event type ("View" 1200): 999 are left. Import or send more.',
    );
  });

  it('gives the same arrays for the same data in another order', async () => {
    const [one, other] = [await build(enough), await build([enough.slice(600).reverse(), enough.slice(0, 600)])];
    expect(other.histories).toEqual(one.histories);
    expect([...other.items]).toEqual([...one.items]);
  });

  it('takes ids with quotes, other scripts and nothing but blanks apart', async () => {
    const set = await build([...enough, ["o'neil", '映画', 1], ["o'neil", ' ', 2]]);
    expect(historyOfId(set, "o'neil")).toEqual(['映画', ' ']);
  });
});

describe('minimum data', () => {
  const failure = (rows: Rows, options?: Options) =>
    build(rows, options).then(
      () => 'trained',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  it('asks for 1000 unique interactions', async () => {
    expect(await failure(enough.slice(0, 999))).toBe(
      'TrainingError: Create failed. Dataset has fewer than 1000 interactions. It has 999. Import or send more.',
    );
    expect(await failure([...enough.slice(0, 999), ...enough.slice(0, 999)])).toBe(
      'TrainingError: Create failed. Dataset has fewer than 1000 interactions. Of its 1998 interactions, ' +
        '999 repeat another one (same user, item, time and all else): 999 are left. Import or send more.',
    );
    expect(await failure(enough.slice(0, 1000))).toBe('trained');
  });

  it('asks for what is configured, and names that', async () => {
    const limits = {
      interactionsToTrain: 10,
      usersWithTwoInteractionsToTrain: 4,
      percentOfUsersWithTwoInteractionsToTrain: 50,
      eventTypesAndColumnsToTrain: 1,
    };
    const of = (users: number, count: number): Rows =>
      Array.from({ length: count }, (_, n) => [`user${n % users}`, `item${n}`, n]);
    expect(await failure(of(5, 9), { limits })).toContain('fewer than 10 interactions');
    expect(await failure(of(3, 12), { limits })).toContain('fewer than 4 users');
    expect(await failure(of(11, 16), { limits })).toContain('Fewer than 50% of the users');
    expect(
      await failure(typed('a', 1), { fields: withTypes, limits: { ...limits, eventTypesAndColumnsToTrain: 0 } }),
    ).toContain('at most 0.');
    expect(await failure(of(5, 12), { limits })).toBe('trained');
  });

  it('names all types that were asked for', async () => {
    const events = [
      { eventType: 'Buy', weight: 1 },
      { eventType: 'Cart', weight: 0.5 },
    ];
    expect(await failure(typed('View', 1), { fields: withTypes, events })).toContain('event type: Buy, Cart');
    expect(await failure(enough, { events })).toContain('EVENT_TYPE');
  });

  it('counts them after the filter, and says which', async () => {
    expect(await failure(typed('View', 1), { fields: withTypes, eventType: 'Buy' })).toBe(
      'TrainingError: Dataset has fewer than 1000 interactions after filtering by event type: Buy. Of its 1200 ' +
        'interactions, 1200 have another event type ("View" 1200): 0 are left. Import or send more, or create a ' +
        'solution that trains on more of them.',
    );
  });

  it('says what each rule took away, and which event type differs by its case alone', async () => {
    const rows = [
      ...typed('click', 4, enough.slice(0, 300)),
      ...typed('click', 4, enough.slice(0, 20)),
      ...typed('click', 3.9, enough.slice(0, 400)),
      ...typed('click', null, enough.slice(0, 7)),
      ...typed('Click', 5, enough.slice(0, 800)),
      ...typed('view', 5, enough.slice(0, 900)),
    ];
    expect(await failure(rows, { fields: withTypes, eventType: 'click', eventValueThreshold: 4 })).toBe(
      'TrainingError: Dataset has fewer than 1000 interactions after filtering by event type: click. Of its 2427 ' +
        'interactions, 1700 have another event type ("view" 900, "Click" 800), 407 have no EVENT_VALUE of at least 4 ' +
        'and 20 repeat another one (same user, item, time and all else): 300 are left. Event types are told apart ' +
        'by case: "Click" is not "click". Import or send more, or create a solution that trains on more of them.',
    );
    const events = [{ eventType: 'click', eventValueThreshold: 9, weight: 1 }];
    expect(await failure(rows, { fields: withTypes, events })).toContain('727 have no EVENT_VALUE of at least 9');
  });

  it('says how many of the events that were sent count for nobody', async () => {
    expect(await failure(enough.slice(0, 5), { eventsLeftOut: 1234 })).toContain(
      'Of its 1239 interactions, 1234 were sent as events that count for no user or item (`openpersonalize events` ' +
        'says why): 5 are left.',
    );
  });

  it('asks for 25 users with two interactions each', async () => {
    const loners: Rows = Array.from({ length: 100 }, (_, n) => [`loner${n}`, 'item1', n]);
    const of24 = enough.map(([, item, time], n) => [`user${n % 24}`, item ?? '', time ?? 0]);
    expect(await failure([...of24, ...loners])).toBe(
      'TrainingError: Create failed. Dataset has fewer than 25 users with at least 2 interactions each. Of 124 users, ' +
        '24 have. It has 1300. Import or send more.',
    );
    const same = Array.from(
      { length: 40 },
      (_, n): Rows => [
        [`same${n}`, 'item1', 5],
        [`same${n}`, 'item1', 5],
      ],
    ).flat();
    expect(await failure([...of24, ...same])).toContain('40 repeat another one');
  });

  it('asks for two interactions of one user in a hundred', async () => {
    const loners: Rows = Array.from({ length: 3001 }, (_, n) => [`loner${n}`, 'item1', n]);
    expect(await failure([...enough, ...loners])).toContain('Fewer than 1% of the users');
  });

  it('takes at most ten event types and optional columns together', async () => {
    const fields = [...withTypes, field('DEVICE')];
    const rows = (types: number): Rows => enough.map((row, n) => [...row, `type${n % types}`, null, 'phone']);
    expect(await failure(rows(10), { fields })).toContain('10 distinct event types and 1 optional columns');
    expect(await failure(rows(9), { fields })).toBe('trained');
  });

  it('lists the event types where they are too many, and the ways out that it names work', async () => {
    const types = Array.from({ length: 10 }, (_, n) => `type${n}`);
    const stray: Rows = [['user1', 'item1', 9999, 'typo1', null]];
    const rows: Rows = [...enough.map((row, n) => [...row, `type${Math.floor(n / 30) % 10}`, null]), ...stray];
    const reason = await failure(rows, { fields: withTypes });
    expect(reason).toContain('11 distinct event types and 0 optional columns; together they can be at most 10.');
    for (const type of types) expect(reason).toContain(`"${type}" 120, `);
    expect(reason).toContain('"typo1" 1. Name the one that is to train as eventType of a solution');
    expect(reason).toContain('--quota eventTypesAndColumnsToTrain=11.');
    const events = types.map((eventType) => ({ eventType, weight: 1 }));
    expect((await build(rows, { fields: withTypes, events })).histories.items).toHaveLength(1200);
    const limits = { ...serviceTrainingLimits, eventTypesAndColumnsToTrain: 11 };
    expect((await build(rows, { fields: withTypes, limits })).histories.items).toHaveLength(1201);
    const few = { ...serviceTrainingLimits, interactionsToTrain: 100 };
    expect(await failure(rows, { fields: withTypes, eventType: 'type3', limits: few })).toBe('trained');
  });

  it('names the column that a filter lacks', async () => {
    expect(await failure(enough, { eventType: 'click' })).toContain('EVENT_TYPE');
    expect(await failure(enough, { eventValueThreshold: 3 })).toContain('EVENT_VALUE');
  });
});
