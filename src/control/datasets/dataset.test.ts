import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  arnFor,
  type Bench,
  eventsSchema,
  itemsSchema,
  openBench,
  refusal,
  steps,
  withData,
} from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

it('bears its type in the ARN, whatever case it was asked for in, and its name as a label', async () => {
  const step = steps(bench);
  const dataset = await step.dataset(await step.group(), await step.schema(), 'inTERactions');
  expect(dataset).toBe(arnFor('dataset/films/INTERACTIONS'));
  const described = await bench.call('DescribeDataset', { datasetArn: dataset });
  expect(described.dataset).toMatchObject({
    name: 'data',
    datasetType: 'INTERACTIONS',
    datasetGroupArn: arnFor('dataset-group/films'),
    schemaArn: arnFor('schema/interactions'),
    status: 'ACTIVE',
  });
  expect(described.dataset?.latestDatasetUpdate).toBeUndefined();
});

it('refuses types that do not exist, and a schema of another type', async () => {
  const step = steps(bench);
  const [datasetGroupArn, schemaArn] = [await step.group(), await step.schema()];
  const create = (datasetType: string) =>
    refusal(bench.call('CreateDataset', { name: 'data', datasetGroupArn, schemaArn, datasetType }));
  expect(await create('Films')).toMatch(/^InvalidInputException: Dataset type Films is invalid/);
  expect(await create('Items')).toMatch(/^InvalidInputException: /);
  expect(await create('Actions')).toContain('the schema of ACTIONS must be named "Actions"');
  expect(await create('Action_Interactions')).toContain('must be named "ActionInteractions"');
});

it('exists once per type and group', async () => {
  const { group, schema, dataset } = await withData(bench);
  const again = bench.call('CreateDataset', {
    name: 'b',
    datasetGroupArn: group,
    schemaArn: schema,
    datasetType: 'Interactions',
  });
  expect(await refusal(again)).toBe(
    `ResourceAlreadyExistsException: Another resource with Arn ${dataset} already exists.`,
  );
  const other = await steps(bench).group('books');
  await steps(bench).dataset(other, schema);
  const listed = async (datasetGroupArn?: string) =>
    (await bench.call('ListDatasets', { datasetGroupArn })).datasets?.map(({ datasetArn }) => datasetArn);
  expect(await listed(group)).toEqual([dataset]);
  expect(await listed(arnFor('dataset-group/none'))).toEqual([]);
  expect(await listed()).toHaveLength(2);
});

it('wants both group and schema to exist', async () => {
  const step = steps(bench);
  const [group, schemaArn] = [await step.group(), await step.schema()];
  const create = (datasetGroupArn: string, schema: string) =>
    refusal(
      bench.call('CreateDataset', { name: 'd', datasetGroupArn, schemaArn: schema, datasetType: 'Interactions' }),
    );
  const none = arnFor('schema/none');
  expect(await create(group, none)).toBe(`ResourceNotFoundException: Resource Arn ${none} does not exist.`);
  await bench.call('DeleteDatasetGroup', { datasetGroupArn: group });
  expect(await create(group, schemaArn)).toBe(`ResourceNotFoundException: Resource Arn ${group} does not exist.`);
});

describe('in a domain', () => {
  const domain = 'ECOMMERCE';
  const products = (...added: object[]) =>
    JSON.stringify({
      type: 'record',
      name: 'Items',
      fields: [
        { name: 'ITEM_ID', type: 'string' },
        { name: 'PRICE', type: 'float' },
        { name: 'CATEGORY_L1', type: ['string'], categorical: true },
        ...added,
      ],
    });

  it('has a schema of the domain of its group', async () => {
    const step = steps(bench);
    const groups = { shop: await step.group('shop', domain), custom: await step.group('custom') };
    const video = await step.schema('video', eventsSchema, 'VIDEO_ON_DEMAND');
    const plain = await step.schema('plain', eventsSchema);
    const create = (datasetGroupArn: string, schemaArn: string) =>
      bench.call('CreateDataset', { name: 'd', datasetGroupArn, schemaArn, datasetType: 'Interactions' });
    expect(await refusal(create(groups.shop, video))).toBe(
      `InvalidInputException: Schema ${video} is of the domain VIDEO_ON_DEMAND, but dataset group ${groups.shop} is of the domain ECOMMERCE; they must be the same.`,
    );
    expect(await refusal(create(groups.shop, plain))).toBe(
      `InvalidInputException: Schema ${plain} has no domain, but dataset group ${groups.shop} is of the domain ECOMMERCE; they must be the same.`,
    );
    expect(await refusal(create(groups.custom, video))).toBe(
      `InvalidInputException: Schema ${video} is of the domain VIDEO_ON_DEMAND, but dataset group ${groups.custom} has no domain; they must be the same.`,
    );
    await step.dataset(groups.shop, await step.schema('shop', eventsSchema, domain));
  });

  it('is not of actions', async () => {
    const step = steps(bench);
    const [datasetGroupArn, schemaArn] = [await step.group('shop', domain), await step.schema()];
    for (const datasetType of ['Actions', 'Action_Interactions']) {
      expect(
        await refusal(bench.call('CreateDataset', { name: 'd', datasetGroupArn, schemaArn, datasetType })),
      ).toMatch(/^InvalidInputException: /);
    }
  });

  it('keeps to the rules of the domain when its schema is replaced', async () => {
    const step = steps(bench);
    const group = await step.group('shop', domain);
    const datasetArn = await step.dataset(group, await step.schema('products', products(), domain), 'Items');
    const color = products({ name: 'COLOR', type: ['null', 'string'], categorical: true });
    const update = (schemaArn: string) => bench.call('UpdateDataset', { datasetArn, schemaArn });
    expect(await refusal(update(await step.schema('elsewhere', color)))).toContain('has no domain, but dataset group');
    expect(await refusal(step.schema('aged', products({ name: 'AGE_GROUP', type: ['null', 'string'] }), domain))).toBe(
      'InvalidInputException: The schema is not valid: AGE_GROUP must be "categorical": true.',
    );
    await update(await step.schema('colored', color, domain));
    expect(await bench.settled(datasetArn)).toBe('ACTIVE');
  });
});

it('takes a schema with more columns that may be null', async () => {
  const step = steps(bench);
  const datasetArn = await step.dataset(await step.group(), await step.schema('items', itemsSchema()), 'Items');
  const year = { name: 'YEAR', type: ['null', 'int'] };
  const schemaArn = await step.schema('items-with-year', itemsSchema(year));
  await bench.control.stop();
  expect(await bench.call('UpdateDataset', { datasetArn, schemaArn })).toEqual({ datasetArn });
  const pending = await bench.call('DescribeDataset', { datasetArn });
  expect(pending.dataset).toMatchObject({
    status: 'UPDATE PENDING',
    latestDatasetUpdate: { status: 'UPDATE PENDING' },
  });
  const busy = `Resource ${datasetArn} is in status UPDATE PENDING; it must be ACTIVE`;
  expect(await refusal(bench.call('UpdateDataset', { datasetArn, schemaArn }))).toContain(busy);
  expect(await refusal(bench.call('DeleteDataset', { datasetArn }))).toContain(busy);
  expect(await refusal(bench.call('PutItems', { datasetArn, items: [{ itemId: 'i' }] }))).toContain(busy);
  await bench.control.start();
  expect(await bench.settled(datasetArn)).toBe('ACTIVE');
  const { dataset } = await bench.call('DescribeDataset', { datasetArn });
  expect(dataset).toMatchObject({ schemaArn, status: 'ACTIVE', latestDatasetUpdate: { schemaArn, status: 'ACTIVE' } });

  const update = async (name: string, schema: string) =>
    refusal(bench.call('UpdateDataset', { datasetArn, schemaArn: await step.schema(name, schema) }));
  expect(await update('narrower', itemsSchema())).toBe(
    'InvalidInputException: The new schema lacks the field YEAR; fields cannot be removed.',
  );
  expect(await update('retyped', itemsSchema({ name: 'YEAR', type: ['null', 'long'] }))).toMatch(
    /^InvalidInputException: The new schema changes the field YEAR/,
  );
  expect(await update('demanding', itemsSchema(year, { name: 'PRICE', type: 'float' }))).toBe(
    'InvalidInputException: The new field PRICE must allow null.',
  );
});

it('keeps the schema of interactions, and any schema while an import runs', async () => {
  const { group, dataset, schema } = await withData(bench);
  expect(await refusal(bench.call('UpdateDataset', { datasetArn: dataset, schemaArn: schema }))).toBe(
    'InvalidInputException: Only the schema of an Items, Users or Actions dataset can be replaced.',
  );
  const step = steps(bench);
  const schemaArn = await step.schema('items', itemsSchema());
  const items = await step.dataset(group, schemaArn, 'Items');
  bench.importing.hold();
  const dataSource = { dataLocation: 's3://data/rows.csv' };
  await bench.call('CreateDatasetImportJob', { jobName: 'items', datasetArn: items, dataSource });
  expect(await refusal(bench.call('UpdateDataset', { datasetArn: items, schemaArn }))).toMatch(
    /^ResourceInUseException/,
  );
  expect(await refusal(bench.call('DeleteDataset', { datasetArn: items }))).toMatch(/^ResourceInUseException/);
  bench.importing.release();
  await bench.settled(arnFor('dataset-import-job/items'));
});

it('goes with its data, but not while something trains on it or serves from it', async () => {
  const { group, dataset } = await withData(bench);
  const step = steps(bench);
  const remove = () => bench.call('DeleteDataset', { datasetArn: dataset });
  const solution = await step.solution(group);
  bench.training.hold();
  const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn: solution });
  expect(await refusal(remove())).toMatch(
    `ResourceInUseException: Dataset ${dataset} is in use by ${solutionVersionArn}`,
  );
  bench.training.release();
  await bench.settled(solutionVersionArn);
  const campaign = await step.campaign(solutionVersionArn);
  expect(await refusal(remove())).toBe(
    `ResourceInUseException: Dataset ${dataset} is in use by ${campaign}, which is in status ACTIVE.`,
  );
  await bench.call('DeleteCampaign', { campaignArn: campaign });
  await bench.settled(campaign);
  await remove();
  expect(await bench.settled(dataset)).toBe('gone');
  await bench.control.stop();
  expect(await stored(bench, 'datasets/')).toEqual([]);
  expect(await stored(bench, 'models/')).toHaveLength(2);
});

async function stored({ parts }: Bench, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of parts.store.list(prefix)) keys.push(key);
  return keys;
}
