import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryKeys } from '../../data/encryption/keys.fixture.ts';
import { arnFor, type Bench, itemsSchema, openBench, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const names = (groups: { name?: string }[] | undefined) => groups?.map(({ name }) => name);

it('becomes ACTIVE by itself and is described as it was asked for', async () => {
  expect(await bench.call('CreateDatasetGroup', { name: 'films' })).toEqual({
    datasetGroupArn: arnFor('dataset-group/films'),
  });
  expect(await bench.settled(arnFor('dataset-group/films'))).toBe('ACTIVE');
  const { datasetGroup } = await bench.call('DescribeDatasetGroup', { datasetGroupArn: arnFor('dataset-group/films') });
  expect(datasetGroup).toMatchObject({ name: 'films', status: 'ACTIVE' });
  expect(datasetGroup?.lastUpdatedDateTime).toBeGreaterThanOrEqual(datasetGroup?.creationDateTime ?? Infinity);
});

it('keeps its domain, and shows it wherever it is shown', async () => {
  const datasetGroupArn = arnFor('dataset-group/shop');
  expect(await bench.call('CreateDatasetGroup', { name: 'shop', domain: 'ECOMMERCE' })).toEqual({
    datasetGroupArn,
    domain: 'ECOMMERCE',
  });
  await steps(bench).group('films');
  const { datasetGroup } = await bench.call('DescribeDatasetGroup', { datasetGroupArn });
  expect(datasetGroup).toMatchObject({ name: 'shop', domain: 'ECOMMERCE' });
  const { datasetGroups } = await bench.call('ListDatasetGroups', {});
  expect(datasetGroups?.map(({ name, domain }) => [name, domain])).toEqual([
    ['films', undefined],
    ['shop', 'ECOMMERCE'],
  ]);
});

it('refuses a key or a role without the other', async () => {
  const create = (more: object) => refusal(bench.call('CreateDatasetGroup', { name: 'films', ...more }));
  const roleArn = 'arn:aws:iam::123456789012:role/personalize';
  expect(await create({ roleArn })).toBe('InvalidInputException: roleArn can only be given together with kmsKeyArn.');
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
  expect(await create({ kmsKeyArn })).toBe(
    'InvalidInputException: kmsKeyArn can only be given together with roleArn, the role that may use the key.',
  );
});

it('takes names once, and five groups in all', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await steps(bench).group(name);
  expect(await refusal(bench.call('CreateDatasetGroup', { name: 'e' }))).toBe(
    `ResourceAlreadyExistsException: Another resource with Arn ${arnFor('dataset-group/e')} already exists.`,
  );
  expect(await refusal(bench.call('CreateDatasetGroup', { name: 'f' }))).toBe(
    'LimitExceededException: Cannot create a dataset group. More than 5 resources in ACTIVE state. Please delete some and try again.',
  );
  await bench.call('CreateDatasetGroup', { name: 'f' }, { region: 'us-east-1' });
});

it('is listed newest first, in pages that show each group once', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await steps(bench).group(name);
  const first = await bench.call('ListDatasetGroups', { maxResults: 2 });
  const second = await bench.call('ListDatasetGroups', { maxResults: 2, nextToken: first.nextToken });
  const third = await bench.call('ListDatasetGroups', { maxResults: 2, nextToken: second.nextToken });
  expect([first, second, third].map((page) => names(page.datasetGroups))).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
  expect(third.nextToken).toBeUndefined();
  const whole = await bench.call('ListDatasetGroups', { maxResults: 5 });
  expect(whole.nextToken).toBeUndefined();
});

it('takes a token only in the list that gave it out', async () => {
  for (const name of ['a', 'b']) await steps(bench).group(name);
  const { nextToken = '' } = await bench.call('ListDatasetGroups', { maxResults: 1 });
  const refused = 'InvalidNextTokenException: The nextToken is not valid for this request.';
  expect(await refusal(bench.call('ListSchemas', { nextToken }))).toBe(refused);
  expect(await refusal(bench.call('ListDatasetGroups', { nextToken }, { account: '210987654321' }))).toBe(refused);
  expect(await refusal(bench.call('ListDatasetGroups', { nextToken }, { region: 'us-east-1' }))).toBe(refused);
  for (const made of ['', 'x', nextToken.slice(1), `${nextToken}AAAA`]) {
    expect(await refusal(bench.call('ListDatasetGroups', { nextToken: made }))).toBe(refused);
  }
  const solutions = await bench.call('ListSolutions', { datasetGroupArn: arnFor('dataset-group/a') });
  expect(solutions).toEqual({ solutions: [] });
});

it('is deleted when it is empty, and then its name is free', async () => {
  const { group, dataset } = await withData(bench);
  const remove = () => bench.call('DeleteDatasetGroup', { datasetGroupArn: group });
  expect(await refusal(remove())).toBe(`ResourceInUseException: Dataset group ${group} still holds ${dataset}.`);
  await bench.call('DeleteDataset', { datasetArn: dataset });
  await bench.settled(dataset);
  expect(await remove()).toEqual({});
  expect(await bench.settled(group)).toBe('gone');
  expect(await refusal(remove())).toBe(`ResourceNotFoundException: Resource Arn ${group} does not exist.`);
  await steps(bench).group();
});

it('is not found under the ARN of another kind', async () => {
  const schemaArn = await steps(bench).schema();
  expect(await refusal(bench.call('DescribeDatasetGroup', { datasetGroupArn: schemaArn }))).toMatch(
    /^ResourceNotFound/,
  );
});

describe('with a key', () => {
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
  const roleArn = 'arn:aws:iam::123456789012:role/personalize';
  let keyService: MemoryKeys;
  beforeEach(async () => {
    await bench.close();
    keyService = new MemoryKeys();
    bench = await openBench({ keyService });
  });
  const create = () => bench.call('CreateDatasetGroup', { name: 'films', kmsKeyArn, roleArn });

  it('is described with it, and has a key of its own', async () => {
    keyService.add(kmsKeyArn);
    const { datasetGroupArn = '' } = await create();
    const { datasetGroup } = await bench.call('DescribeDatasetGroup', { datasetGroupArn });
    expect(datasetGroup).toMatchObject({ kmsKeyArn, roleArn });
    expect(await bench.parts.keys?.ofGroup(datasetGroupArn)).toBeDefined();
  });

  it('is not created without a key that can be used', async () => {
    expect(await refusal(create())).toBe(
      `InvalidInputException: There is no key ${kmsKeyArn}: create it, or name another.`,
    );
    keyService.add(kmsKeyArn);
    keyService.set(kmsKeyArn, 'disabled');
    expect(await refusal(create())).toBe(`InvalidInputException: The key ${kmsKeyArn} is disabled: enable it.`);
    expect((await bench.call('ListDatasetGroups', {})).datasetGroups).toEqual([]);
  });

  it('keeps no key of one that was refused or deleted', async () => {
    keyService.add(kmsKeyArn);
    const { datasetGroupArn = '' } = await create();
    await refusal(create());
    const rows = () => bench.parts.database.selectFrom('group_keys').select('id').execute();
    expect(await rows()).toHaveLength(1);
    await bench.call('DeleteDatasetGroup', { datasetGroupArn });
    expect(await rows()).toEqual([]);
  });

  it('takes no records while its key is disabled, says so, and takes them again afterwards', async () => {
    keyService.add(kmsKeyArn);
    const { datasetGroupArn = '' } = await create();
    const { schemaArn = '' } = await bench.call('CreateSchema', { name: 'items', schema: itemsSchema() });
    const dataset = { name: 'items', datasetGroupArn, datasetType: 'ITEMS', schemaArn };
    const { datasetArn = '' } = await bench.call('CreateDataset', dataset);
    const put = (itemId: string) =>
      bench.call('PutItems', { datasetArn, items: [{ itemId, properties: '{"genres":"Drama"}' }] });
    await put('first-item');
    keyService.set(kmsKeyArn, 'disabled');
    bench.advance(60_000);
    expect(await refusal(put('second-item'))).toBe(
      `InvalidInputException: The key ${kmsKeyArn} is disabled: enable it.`,
    );
    keyService.set(kmsKeyArn, 'enabled');
    await put('third-item');
    const rows = await bench.parts.database.selectFrom('record_log').selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/item|Drama/);
  });
});
