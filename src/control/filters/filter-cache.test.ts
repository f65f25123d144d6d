import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { arnFor, type Bench, itemsSchema, openBench, refusal, steps } from '../control.fixture.ts';
import { families } from '../families.ts';

let bench: Bench;
let group: string;
let context: Context | undefined;
beforeEach(async () => {
  bench = await openBench({
    quotas: { fieldsPerFilter: 12 },
    families: [
      ...families,
      {
        kinds: [],
        operations(given) {
          context = given;
          return {};
        },
      },
    ],
  });
  group = await steps(bench).group();
  const years = Array.from({ length: 12 }, (_, index) => ({ name: `Y${index}`, type: ['null', 'int'] }));
  await steps(bench).dataset(group, await steps(bench).schema('items', itemsSchema(...years)), 'Items');
});
afterEach(() => bench.close());

const filterArn = arnFor('filter/f');
const find = () => context?.answers.filters.find(filterArn);
const create = (filterExpression = 'INCLUDE ItemID WHERE Items.GENRES IN ($G)') =>
  bench.call('CreateFilter', { name: 'f', datasetGroupArn: group, filterExpression });
const remove = () => bench.call('DeleteFilter', { filterArn });
const rewrite = async (arn: string, change: (document: string) => string) => {
  const { database } = bench.parts;
  const query = database.selectFrom('resources').select('document').where('arn', '=', arn);
  const { document } = await query.executeTakeFirstOrThrow();
  await database
    .updateTable('resources')
    .set({ document: change(document) })
    .where('arn', '=', arn)
    .execute();
};

it('knows what a filter is, whose it is and what it needs', async () => {
  const { database } = bench.parts;
  await create();
  const of = await database.selectFrom('resources').selectAll().where('arn', '=', group).executeTakeFirstOrThrow();
  expect(await find()).toMatchObject({
    account: '123456789012',
    region: 'eu-west-1',
    status: 'ACTIVE',
    datasetGroupArn: group,
    datasetGroupSequence: of.sequence,
    filter: { subject: 'ItemID', clauses: [{ action: 'INCLUDE' }] },
    needs: { userId: false, itemId: false, columns: new Map([['Items', new Set(['GENRES'])]]) },
  });
});

it('is found no more once it is deleted, and as another one once it is created again', async () => {
  await create();
  const first = await find();
  await remove();
  expect(await find()).toBeUndefined();
  await create('EXCLUDE ItemID WHERE Items.Y1 = 1');
  const second = await find();
  expect(second?.filter.clauses[0].action).toBe('EXCLUDE');
  expect(second?.sequence).toBeGreaterThan(first?.sequence ?? Infinity);
});

it('means the same after a column that it reads has gone from the schema', async () => {
  await create();
  const before = await find();
  await rewrite(arnFor('schema/items'), (document) => document.replace('GENRES', 'OTHERS'));
  bench.advance(10_000);
  const after = await find();
  expect(after).not.toBe(before);
  expect(after).toEqual(before);
  await remove();
  expect(await refusal(create())).toContain('the schema of Items has no field GENRES');
});

it('is read under a lower quota on fields than it was created under', async () => {
  await create(Array.from({ length: 12 }, (_, n) => `EXCLUDE ItemID WHERE Items.Y${n} = 1`).join(' | '));
  expect((await find())?.filter.clauses).toHaveLength(12);
});

it('shows nothing of an expression that cannot be read again', async () => {
  await create();
  await rewrite(filterArn, (document) => document.replace('WHERE', 'SECRET'));
  const found = await refusal(Promise.resolve(find()));
  expect(found).toBe(`Error: ${filterArn} cannot be read again: its expression is wrong at character 16.`);
});
