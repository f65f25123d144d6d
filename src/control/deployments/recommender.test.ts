import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryKeys } from '../../data/encryption/keys.fixture.ts';
import { TaskError } from '../../util/child-task/task.ts';
import { arnFor, type Bench, openBench, recipeArn, refusal, withData } from '../control.fixture.ts';
import { describeRecommender, domainSteps } from './recommender.fixture.ts';

const recommenderArn = arnFor('recommender/picks');

let bench: Bench;
let group: string;
const step = domainSteps(() => bench);
beforeEach(async () => {
  bench = await openBench();
  group = await step.group();
});
afterEach(() => bench.close());

async function models(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of bench.parts.store.list('models/')) found.push(key);
  return found;
}

const describeIt = () => describeRecommender(bench, recommenderArn);

describe('a recommender', () => {
  beforeEach(() => step.interactions(group));

  it('is trained, deployed and described, with its metrics', async () => {
    bench.training.hold();
    expect(await step.create(group, 'aws-vod-top-picks', { tags: [{ tagKey: 'team', tagValue: 'home' }] })).toBe(
      recommenderArn,
    );
    await expect.poll(async () => (await describeIt()).status).toBe('CREATE IN_PROGRESS');
    expect((await describeIt()).modelMetrics).toBeUndefined();
    expect(bench.control.runningJobs()).toMatchObject([{ kind: 'train-recommender', resourceArn: recommenderArn }]);
    bench.training.release();
    expect(await bench.settled(recommenderArn)).toBe('ACTIVE');
    expect(bench.trained).toMatchObject([{ recipe: 'aws-vod-top-picks' }]);
    expect(bench.prepared).toHaveLength(1);

    const recommender = await describeIt();
    expect(recommender).toMatchObject({
      name: 'picks',
      recommenderArn,
      datasetGroupArn: group,
      recipeArn: recipeArn('aws-vod-top-picks'),
      recommenderConfig: {
        itemExplorationConfig: { explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' },
        minRecommendationRequestsPerSecond: 1,
      },
      status: 'ACTIVE',
      modelMetrics: { coverage: 0.5 },
    });
    expect(recommender.latestRecommenderUpdate).toBeUndefined();
    const { modelMetrics, ...summary } = recommender;
    expect((await bench.call('ListRecommenders', { datasetGroupArn: group })).recommenders).toEqual([summary]);
    expect((await bench.call('ListRecommenders', { datasetGroupArn: arnFor('dataset-group/x') })).recommenders).toEqual(
      [],
    );
    expect((await bench.call('ListTagsForResource', { resourceArn: recommenderArn })).tags).toEqual([
      { tagKey: 'team', tagValue: 'home' },
    ]);
  });

  it('fails with the reason of its training, and can be deleted then', async () => {
    bench.training.hold();
    bench.training.release(new TaskError('Create failed. There is too little to learn from.'));
    await step.create(group);
    expect(await bench.settled(recommenderArn)).toBe('CREATE FAILED');
    expect(await describeIt()).toMatchObject({ failureReason: 'Create failed. There is too little to learn from.' });
    await bench.call('DeleteRecommender', { recommenderArn });
    expect(await bench.settled(recommenderArn)).toBe('gone');
  });

  it('resumes a training that a stop of the server has cut short', async () => {
    bench.training.hold();
    await step.create(group);
    await expect.poll(() => bench.trained.length).toBe(1);
    await bench.control.stop();
    bench.training.release();
    await bench.control.start();
    expect(await bench.settled(recommenderArn)).toBe('ACTIVE');
    expect(bench.wentOnFrom).toEqual([undefined, 'after nothing']);
  });

  it('takes its model with it when it is deleted', async () => {
    await step.created(group);
    await bench.call('DeleteRecommender', { recommenderArn });
    expect(bench.released).toContain(`${recommenderArn} all`);
    await expect.poll(models).toEqual([]);
    expect(await refusal(describeIt())).toMatch(/^ResourceNotFoundException/);
  });

  it('is not deleted while it is created', async () => {
    bench.training.hold();
    await step.create(group);
    expect(await refusal(bench.call('DeleteRecommender', { recommenderArn }))).toMatch(
      /^ResourceInUseException: .* is in status CREATE (PENDING|IN_PROGRESS); it must be ACTIVE or CREATE FAILED or INACTIVE\.$/,
    );
    expect(await refusal(bench.call('DeleteDataset', { datasetArn: arnFor('dataset/videos/INTERACTIONS') }))).toMatch(
      /^ResourceInUseException: Dataset .* is in use by .*recommender\/picks, which is in status CREATE/,
    );
    bench.training.release();
    await bench.settled(recommenderArn);
    await bench.call('DeleteDataset', { datasetArn: arnFor('dataset/videos/INTERACTIONS') });
    expect(await refusal(bench.call('DeleteDatasetGroup', { datasetGroupArn: group }))).toBe(
      `ResourceInUseException: Dataset group ${group} still holds ${recommenderArn}.`,
    );
  });

  it('has a name of its own in the account', async () => {
    await step.created(group);
    expect(await refusal(step.create(group))).toBe(
      `ResourceAlreadyExistsException: Another resource with Arn ${recommenderArn} already exists.`,
    );
  });

  it('needs Items for more like X', async () => {
    const recipe = 'aws-vod-more-like-x';
    expect(await refusal(step.create(group, recipe))).toBe(
      `InvalidInputException: Recipe ${recipe} needs an Items dataset, which dataset group ${group} does not have. Create one first.`,
    );
    await step.items(group);
    await step.created(group, recipe);
  });

  it('explores as its config says, within its ranges', async () => {
    const config = (explorationWeight: string, name = 'explorationWeight') => ({
      recommenderConfig: { itemExplorationConfig: { [name]: explorationWeight } },
    });
    const refused = (more: object, recipe?: string) => refusal(step.create(group, recipe, more));
    expect(await refused(config('1.1'))).toBe(
      'InvalidInputException: explorationWeight 1.1 is invalid; it must be a number from 0 to 1.',
    );
    expect(await refused(config('0.5', 'explorationItemAgeCutOff'))).toMatch('it must be a number of at least 1.');
    expect(await refused(config('1', 'wait'))).toMatch(
      'wait is not a member of itemExplorationConfig. Its members are explorationWeight and explorationItemAgeCutOff.',
    );
    expect(await refused(config('0.1'), 'aws-vod-most-popular')).toBe(
      'InvalidInputException: itemExplorationConfig does not apply to the recipe aws-vod-most-popular.',
    );
    await step.created(group, undefined, config('0.1'));
    expect((await describeIt()).recommenderConfig?.itemExplorationConfig).toEqual({
      explorationWeight: '0.1',
      explorationItemAgeCutOff: '30.0',
    });
  });

  it('trains on the columns that it is told, among which the event type always is', async () => {
    const excluding = (...names: string[]) => ({
      recommenderConfig: { trainingDataConfig: { excludedDatasetColumns: { Interactions: names } } },
    });
    expect(await refusal(step.create(group, undefined, excluding('EVENT_TYPE')))).toBe(
      'InvalidInputException: Column EVENT_TYPE of Interactions cannot be excluded from training.',
    );
    expect(await refusal(step.create(group, undefined, excluding('COLOUR')))).toBe(
      'InvalidInputException: Column COLOUR is not in the schema of the Interactions dataset.',
    );
    await step.created(group, undefined, excluding('DEVICE'));
    expect(bench.trained[0]?.interactions?.schema.fields.map(({ name }) => name)).toEqual([
      'USER_ID',
      'ITEM_ID',
      'EVENT_TYPE',
      'TIMESTAMP',
    ]);
  });

  it('is one of five of its dataset group', async () => {
    for (const name of ['one', 'two', 'three', 'four', 'five']) await step.created(group, undefined, { name });
    expect(await refusal(step.create(group))).toBe(
      'LimitExceededException: Cannot create a recommender. More than 5 resources in ACTIVE state. Please delete some and try again.',
    );
  });
});

it('is one of so many of the account and region, in whatever dataset group', async () => {
  await bench.close();
  bench = await openBench({ quotas: { recommenders: 1 } });
  await step.group();
  await step.interactions(group);
  await step.created(group);
  expect(await refusal(step.create(group, undefined, { name: 'more' }))).toMatch(
    /^LimitExceededException: Cannot create a recommender\. More than 1 resources/,
  );
});

it('has a model that is sealed where its dataset group has a key', async () => {
  await bench.close();
  const keyService = new MemoryKeys();
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
  keyService.add(kmsKeyArn);
  bench = await openBench({ keyService });
  const roleArn = 'arn:aws:iam::123456789012:role/personalize';
  await bench.call('CreateDatasetGroup', { name: 'videos', domain: 'VIDEO_ON_DEMAND', kmsKeyArn, roleArn });
  await step.interactions(group);
  await step.created(group);
  expect(bench.prepared[0]).toMatch(/\/sealed-[^/]+\//);
  keyService.set(kmsKeyArn, 'disabled');
  bench.advance(120_000);
  await bench.call('StopRecommender', { recommenderArn });
  expect(await bench.settled(recommenderArn)).toBe('INACTIVE');
});

it('needs a dataset group of the domain of its use case', async () => {
  const videos = 'InvalidInputException: Recipe aws-vod-top-picks is for the domain VIDEO_ON_DEMAND, but dataset group';
  await bench.call('CreateDatasetGroup', { name: 'shop', domain: 'ECOMMERCE' });
  const shop = arnFor('dataset-group/shop');
  expect(await refusal(step.create(shop))).toBe(`${videos} ${shop} is of the domain ECOMMERCE.`);
  const { group: custom } = await withData(bench);
  expect(await refusal(step.create(custom))).toBe(`${videos} ${custom} has no domain.`);
});

it('needs interactions, and a recipe that is for recommenders', async () => {
  expect(await refusal(step.create(group))).toMatch('Recipe aws-vod-top-picks needs an Interactions dataset');
  expect(await refusal(step.create(group, 'aws-sims'))).toBe(
    'InvalidInputException: Recipe aws-sims is for solutions: create a solution with it, or use the recipe of a use case.',
  );
  expect(await refusal(step.create(group, 'aws-vod-unheard-of'))).toMatch(/^ResourceNotFoundException/);
});
