import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, itemsSchema, openBench, refusal, steps } from '../control.fixture.ts';

const column = (name: string, type: string, more: object = {}) => ({ name, type: ['null', type], ...more });
const eventsSchema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
    { name: 'EVENT_TYPE', type: 'string' },
  ],
  version: '1.0',
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => column(`N${index}`, 'int'));

let bench: Bench;
let group: string;
let items: string;
beforeEach(async () => {
  bench = await openBench();
  group = await steps(bench).group();
  await steps(bench).dataset(group, await steps(bench).schema('events', eventsSchema));
  items = await steps(bench).dataset(group, await steps(bench).schema('items', itemsSchema(...numbers(25))), 'Items');
});
afterEach(() => bench.close());

const filterArn = arnFor('filter/comedies');
const comedies = 'INCLUDE ItemID WHERE Items.GENRES IN ("Comedy")';
const create = (more: Partial<Input<'CreateFilter'>> = {}) =>
  bench.call('CreateFilter', { name: 'comedies', datasetGroupArn: group, filterExpression: comedies, ...more });
const describeFilter = async (arn = filterArn) => (await bench.call('DescribeFilter', { filterArn: arn })).filter;
const remove = (arn = filterArn) => bench.call('DeleteFilter', { filterArn: arn });
const onFields = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `EXCLUDE ItemID WHERE Items.N${first + index} = 1`).join(' | ');

it('is ACTIVE at once, and is described with the expression exactly as it was written', async () => {
  await bench.control.stop(); // no job is needed
  const written = '  include itemId\n\twhere ITEMS.genres in ("Comédie \\"é\\" 😀", \'\0\', "\ud800")  ';
  expect(await create({ filterExpression: written })).toEqual({ filterArn });
  const filter = await describeFilter();
  expect(filter).toMatchObject({ name: 'comedies', filterArn, datasetGroupArn: group, status: 'ACTIVE' });
  expect(filter?.filterExpression).toBe(written);
  expect(filter?.lastUpdatedDateTime).toBeGreaterThanOrEqual(filter?.creationDateTime ?? Infinity);
});

it('is listed by its group, newest first, without its expression', async () => {
  const other = await steps(bench).group('other');
  for (const name of ['a', 'b', 'c']) await create({ name });
  const page = { datasetGroupArn: group, maxResults: 2 };
  const first = await bench.call('ListFilters', page);
  const second = await bench.call('ListFilters', { ...page, nextToken: first.nextToken });
  expect([first, second].map(({ Filters }) => Filters?.map(({ name }) => name))).toEqual([['c', 'b'], ['a']]);
  expect(second.nextToken).toBeUndefined();
  expect(first.Filters?.[0]).toMatchObject({ filterArn: arnFor('filter/c'), datasetGroupArn: group, status: 'ACTIVE' });
  expect(first.Filters?.[0]).not.toHaveProperty('filterExpression');
  expect(await bench.call('ListFilters', { datasetGroupArn: other })).toEqual({ Filters: [] });
  expect((await bench.call('ListFilters', {})).Filters).toHaveLength(3);
});

it('has a name of its own in the account and region, whatever its group', async () => {
  await create();
  const taken = `ResourceAlreadyExistsException: Another resource with Arn ${filterArn} already exists.`;
  expect(await refusal(create())).toBe(taken);
  const other = await steps(bench).group('other');
  await steps(bench).dataset(other, arnFor('schema/items'), 'Items');
  expect(await refusal(create({ datasetGroupArn: other }))).toBe(taken);
  const datasetGroupArn = arnFor('dataset-group/none');
  expect(await refusal(create({ datasetGroupArn }))).toBe(
    `ResourceNotFoundException: Resource Arn ${datasetGroupArn} does not exist.`,
  );
  expect(await refusal(bench.call('DescribeFilter', { filterArn }, { region: 'us-east-1' }))).toMatch(/^ResourceNotFo/);
  expect(await refusal(bench.call('DeleteFilter', { filterArn }, { account: '210987654321' }))).toMatch(/^ResourceNot/);
});

it('has tags', async () => {
  await create({ tags: [{ tagKey: 'team', tagValue: 'films' }] });
  const { tags } = await bench.call('ListTagsForResource', { resourceArn: filterArn });
  expect(tags).toEqual([{ tagKey: 'team', tagValue: 'films' }]);
});

it('keeps its datasets and its group, and leaves its name free', async () => {
  await create();
  const inUse = (kind: string, arn: string) => `ResourceInUseException: ${kind} ${arn}`;
  for (const datasetArn of [items, items.replace('ITEMS', 'INTERACTIONS')]) {
    expect(await refusal(bench.call('DeleteDataset', { datasetArn }))).toBe(
      `${inUse('Dataset', datasetArn)} is in use by ${filterArn}.`,
    );
  }
  expect(await refusal(bench.call('DeleteDatasetGroup', { datasetGroupArn: group }))).toContain(
    inUse('Dataset group', group),
  );
  expect(await remove()).toEqual({});
  const gone = `ResourceNotFoundException: Resource Arn ${filterArn} does not exist.`;
  expect(await refusal(describeFilter())).toBe(gone);
  expect(await refusal(remove())).toBe(gone);
  await bench.call('DeleteDataset', { datasetArn: items });
  await create({ filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")' });
});

describe('limits', () => {
  it('there are thirty in a group, and others in another one', async () => {
    for (let number = 0; number < 30; number++) await create({ name: `f${number}` });
    expect(await refusal(create())).toBe(
      'LimitExceededException: Cannot create a filter. More than 30 resources in ACTIVE state. Please delete some and try again.',
    );
    const other = await steps(bench).group('other');
    await steps(bench).dataset(other, arnFor('schema/items'), 'Items');
    await create({ datasetGroupArn: other });
    await remove(arnFor('filter/f0'));
    await create({ name: 'f30' });
  });

  it('one names at most 10 fields', async () => {
    expect(await refusal(create({ filterExpression: onFields(0, 11) }))).toMatch(
      /^InvalidInputException: Could not create filter\. Invalid Expression at character \d+: more than 10 different fields are named\.$/,
    );
    await create({ filterExpression: onFields(0, 10) });
  });

  it('those of a group name at most 20 fields together, each counted once', async () => {
    await create({ name: 'a', filterExpression: onFields(0, 10) });
    await create({ name: 'b', filterExpression: onFields(10, 9) });
    await create({
      name: 'c',
      filterExpression: `${onFields(3, 9)} | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("a")`,
    });
    expect(await refusal(create())).toBe(
      `LimitExceededException: Cannot create a filter. The filters of dataset group ${group} would name 21 different fields; together they may name 20.`,
    );
    await create({ name: 'd', filterExpression: onFields(5, 10) });
    expect(await refusal(create({ name: 'd', filterExpression: onFields(5, 10) }))).toMatch(/^ResourceAlreadyExists/);
    await remove(arnFor('filter/a'));
    await create();
  });
});

describe('an expression', () => {
  it.each([
    ['INCLUDE ItemID', /^Could not create filter\. Invalid Expression at character 15: expected WHERE/],
    ['INCLUDE ItemID WHERE Items.COLOUR IN ("red")', /the schema of Items has no field COLOUR\.$/],
    ['EXCLUDE ItemID WHERE Items.GENRES IN ("a") IF CurrentUser.AGE < 16', /the dataset group has no dataset Users\.$/],
    ['INCLUDE ActionID WHERE Actions.VALUE > 10', /the dataset group has no dataset Actions\.$/],
    [
      'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("a")',
      /the dataset group has no dataset Action_Interac/,
    ],
    [
      'INCLUDE ItemID WHERE Items.GENRES NOT IN ($G)',
      /^Could not create filter\. Invalid input symbol: \$G\. Placeholders are not allowed with NOT_IN operator\.$/,
    ],
  ])('%s is refused', async (filterExpression, text) => {
    const refused = await refusal(create({ filterExpression }));
    expect(refused).toMatch(/^InvalidInputException: Could not create filter\. /);
    expect(refused.replace(/^InvalidInputException: /, '')).toMatch(text);
    expect((await bench.call('ListFilters', {})).Filters).toEqual([]);
  });

  it('is held against the schemas of now', async () => {
    const written = { filterExpression: 'INCLUDE ItemID WHERE Items.PRICE < 5' };
    expect(await refusal(create(written))).toMatch(/has no field PRICE\.$/);
    const schemaArn = await steps(bench).schema('more', itemsSchema(...numbers(25), column('PRICE', 'float')));
    await bench.call('UpdateDataset', { datasetArn: items, schemaArn });
    await bench.settled(items);
    await create(written);
  });

  it('of any text is a filter or refused as InvalidInputException, and never in a log', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(
        'INCLUDE ItemID WHERE ',
        'Items.GENRES ',
        'IN ("a")',
        '= $P',
        ' | ',
        ' IF CurrentUser.',
        '\0',
        '"',
      ),
    );
    const expressions = fc.array(piece, { minLength: 1 }).map((pieces) => pieces.join('').slice(0, 2500));
    await fc.assert(
      fc.asyncProperty(
        expressions.filter((text) => text !== ''),
        async (text) => {
          const answer = await create({ filterExpression: text }).then(
            () => remove(),
            (error: unknown) => String(error),
          );
          expect(answer).toSatisfy((given) => typeof given === 'object' || given.startsWith('InvalidInputException: '));
        },
      ),
    );
    expect(bench.logged).toEqual([]);
  });
});
