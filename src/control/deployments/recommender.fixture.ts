import { expect } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, itemsSchema, recipeArn, steps } from '../control.fixture.ts';

const field = (name: string, type: string) => ({ name, type });

const domainInteractions = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    field('USER_ID', 'string'),
    field('ITEM_ID', 'string'),
    field('EVENT_TYPE', 'string'),
    field('TIMESTAMP', 'long'),
    field('DEVICE', 'string'),
  ],
  version: '1.0',
});

/** The getting-started flow of a domain, over a bench that a test replaces. */
export const domainSteps = (bench: () => Bench, domain: 'ECOMMERCE' | 'VIDEO_ON_DEMAND' = 'VIDEO_ON_DEMAND') => ({
  async group(name = 'videos') {
    await bench().call('CreateDatasetGroup', { name, domain });
    return arnFor(`dataset-group/${name}`);
  },
  async interactions(group: string) {
    const { schemaArn = '' } = await bench().call('CreateSchema', {
      name: 'domain-interactions',
      schema: domainInteractions,
      domain,
    });
    const dataset = await steps(bench()).dataset(group, schemaArn);
    await steps(bench()).imported(dataset, 'domain-interactions');
    return dataset;
  },
  async items(group: string) {
    const { schemaArn = '' } = await bench().call('CreateSchema', {
      name: 'domain-items',
      schema: itemsSchema(field('CREATION_TIMESTAMP', 'long')),
      domain,
    });
    return await steps(bench()).dataset(group, schemaArn, 'Items');
  },
  async create(datasetGroupArn: string, recipe = 'aws-vod-top-picks', more: Partial<Input<'CreateRecommender'>> = {}) {
    const { name = 'picks', ...others } = more;
    const input = { name, datasetGroupArn, recipeArn: recipeArn(recipe), ...others };
    const { recommenderArn = '' } = await bench().call('CreateRecommender', input);
    return recommenderArn;
  },
  async created(datasetGroupArn: string, recipe?: string, more?: Partial<Input<'CreateRecommender'>>) {
    const arn = await this.create(datasetGroupArn, recipe, more);
    expect(await bench().settled(arn)).toBe('ACTIVE');
    return arn;
  },
});

export const describeRecommender = async (bench: Bench, recommenderArn: string) => {
  const { recommender } = await bench.call('DescribeRecommender', { recommenderArn });
  if (!recommender) throw new Error('A recommender is described.');
  return recommender;
};
