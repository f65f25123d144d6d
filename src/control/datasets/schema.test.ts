import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  arnFor,
  type Bench,
  eventsSchema,
  interactionsSchema,
  itemsSchema,
  openBench,
  refusal,
  steps,
} from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ quotas: { schemas: 2 } });
});
afterEach(() => bench.close());

it('keeps a schema as it was given', async () => {
  const before = Date.now() / 1000;
  expect(await bench.call('CreateSchema', { name: 'ratings', schema: interactionsSchema })).toEqual({
    schemaArn: arnFor('schema/ratings'),
  });
  const { schema } = await bench.call('DescribeSchema', { schemaArn: arnFor('schema/ratings') });
  expect(schema).toMatchObject({ name: 'ratings', schema: interactionsSchema, schemaArn: arnFor('schema/ratings') });
  expect(schema?.creationDateTime).toBeGreaterThanOrEqual(Math.floor(before * 1000) / 1000);
  expect(schema?.creationDateTime).toBeLessThan(before + 60);
  const { schemas } = await bench.call('ListSchemas', {});
  expect(schemas?.map(({ name }) => name)).toEqual(['ratings']);
});

it('keeps its domain, whose rules hold from the start', async () => {
  const create = (name: string, domain: 'ECOMMERCE' | 'VIDEO_ON_DEMAND', schema: string) =>
    bench.call('CreateSchema', { name, domain, schema });
  expect(await refusal(create('plain', 'ECOMMERCE', interactionsSchema))).toBe(
    'InvalidInputException: The schema is not valid: ' +
      'the field EVENT_TYPE of type string is required for INTERACTIONS in the domain ECOMMERCE.',
  );
  const schemaArn = arnFor('schema/shop');
  await create('shop', 'ECOMMERCE', eventsSchema);
  const { schema } = await bench.call('DescribeSchema', { schemaArn });
  expect(schema).toMatchObject({ name: 'shop', domain: 'ECOMMERCE', schema: eventsSchema });
  expect((await bench.call('ListSchemas', {})).schemas).toMatchObject([{ name: 'shop', domain: 'ECOMMERCE' }]);
});

it('refuses a second schema of the name, and a document that is no schema', async () => {
  await steps(bench).schema('ratings');
  const create = (name: string, schema: string) => refusal(bench.call('CreateSchema', { name, schema }));
  expect(await create('ratings', interactionsSchema)).toBe(
    `ResourceAlreadyExistsException: Another resource with Arn ${arnFor('schema/ratings')} already exists.`,
  );
  expect(await create('broken', '{')).toMatch(/^InvalidInputException: /);
});

it('counts schemas', async () => {
  await steps(bench).schema('one');
  await steps(bench).schema('two', itemsSchema());
  expect(await refusal(bench.call('CreateSchema', { name: 'three', schema: interactionsSchema }))).toBe(
    'LimitExceededException: Cannot create a schema. More than 2 resources in ACTIVE state. Please delete some and try again.',
  );
  await bench.call('DeleteSchema', { schemaArn: arnFor('schema/one') });
  await steps(bench).schema('three');
});

it('is deleted only while no dataset uses it', async () => {
  const step = steps(bench);
  const schemaArn = await step.schema();
  const dataset = await step.dataset(await step.group(), schemaArn);
  expect(await refusal(bench.call('DeleteSchema', { schemaArn }))).toBe(
    `ResourceInUseException: Schema ${schemaArn} is used by dataset ${dataset}.`,
  );
  await bench.call('DeleteDataset', { datasetArn: dataset });
  expect(await bench.settled(dataset)).toBe('gone');
  await bench.call('DeleteSchema', { schemaArn });
  const gone = `ResourceNotFoundException: Resource Arn ${schemaArn} does not exist.`;
  expect(await refusal(bench.call('DescribeSchema', { schemaArn }))).toBe(gone);
  expect(await refusal(bench.call('DeleteSchema', { schemaArn }))).toBe(gone);
});

it('shows no account or region the schemas of another', async () => {
  const schemaArn = await steps(bench).schema();
  for (const other of [{ account: '210987654321' }, { region: 'us-east-1' }]) {
    expect(await refusal(bench.call('DescribeSchema', { schemaArn }, other))).toMatch(/^ResourceNotFoundException/);
    expect(await refusal(bench.call('DeleteSchema', { schemaArn }, other))).toMatch(/^ResourceNotFoundException/);
    expect((await bench.call('ListSchemas', {}, other)).schemas).toEqual([]);
  }
});

it('gives the ARNs of each partition to its regions', async () => {
  const arn = async (region: string) =>
    (await bench.call('CreateSchema', { name: 'ratings', schema: interactionsSchema }, { region })).schemaArn;
  expect(await arn('cn-north-1')).toBe('arn:aws-cn:personalize:cn-north-1:123456789012:schema/ratings');
  expect(await arn('us-gov-west-1')).toBe('arn:aws-us-gov:personalize:us-gov-west-1:123456789012:schema/ratings');
});
