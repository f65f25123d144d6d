import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import {
  arnFor,
  type Bench,
  eventsSchema,
  openBench,
  recipeArn,
  refusal,
  steps,
  withData,
} from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const datasetGroupArn = arnFor('dataset-group/films');
const solutionArn = arnFor('solution/likes');
const personal = recipeArn('aws-user-personalization');
const create = (more: Partial<Input<'CreateSolution'>> = {}) =>
  bench.call('CreateSolution', { name: 'likes', datasetGroupArn, recipeArn: personal, ...more });
const describeSolution = async () => (await bench.call('DescribeSolution', { solutionArn })).solution;

it('shows its settings with the defaults of the service', async () => {
  await steps(bench).group();
  const solutionConfig = { algorithmHyperParameters: { hidden_dimension: '64' }, eventValueThreshold: '3.5' };
  expect(await create({ eventType: 'watch', solutionConfig })).toEqual({ solutionArn });
  expect(await bench.settled(solutionArn)).toBe('ACTIVE');
  expect(await describeSolution()).toMatchObject({
    name: 'likes',
    status: 'ACTIVE',
    recipeArn: personal,
    datasetGroupArn,
    eventType: 'watch',
    performHPO: false,
    performAutoML: false,
    performAutoTraining: true,
    solutionConfig: { ...solutionConfig, autoTrainingConfig: { schedulingExpression: 'rate(7 days)' } },
  });
  expect((await describeSolution())?.latestSolutionVersion).toBeUndefined();
});

it('takes parameters by the names that the service gives back, and gives back what was written', async () => {
  await steps(bench).group();
  const solutionConfig = {
    algorithmHyperParameters: { 'training.bptt': '16', 'data.recency_mask': 'True' },
    featureTransformationParameters: { min_hist_length_percentile: '0.05', max_hist_length_percentile: '0.95' },
  };
  await create({ solutionConfig });
  await bench.settled(solutionArn);
  expect((await describeSolution())?.solutionConfig).toMatchObject(solutionConfig);
});

it('keeps ranges of parameters that the recipe tunes, and refuses others', async () => {
  await steps(bench).group();
  const ranged = (algorithmHyperParameterRanges: object, recipe = 'aws-user-personalization') =>
    create({ recipeArn: recipeArn(recipe), solutionConfig: { hpoConfig: { algorithmHyperParameterRanges } } });
  const good = {
    integerHyperParameterRanges: [{ name: 'training.bptt', minValue: 2, maxValue: 32 }],
    continuousHyperParameterRanges: [],
    categoricalHyperParameterRanges: [{ name: 'recency_mask', values: ['true', 'False'] }],
  };
  await ranged(good);
  await bench.settled(solutionArn);
  expect((await describeSolution())?.solutionConfig?.hpoConfig?.algorithmHyperParameterRanges).toEqual(good);
  const integers = (name: string, minValue?: number, maxValue?: number) => ({
    integerHyperParameterRanges: [{ name, minValue, maxValue }],
  });
  for (const [ranges, sentence, recipe] of [
    [integers('bptt', 2, 33), 'The range of bptt has 33; values must be an integer from 2 to 32.'],
    [integers('bptt', 9, 8), 'The range of bptt has a minValue above its maxValue.'],
    [integers('bptt', 9), 'The range of bptt needs minValue and maxValue.'],
    [{ continuousHyperParameterRanges: [{ name: 'bptt', minValue: 2, maxValue: 3 }] }, 'bptt is integer; give it a'],
    [integers('depth', 1, 2), 'depth is no parameter that aws-user-personalization tunes; it tunes hidden_dimension, '],
    [integers('hidden_dimension', 32, 64), 'aws-item-affinity tunes; it tunes none.', 'aws-item-affinity'],
  ] as const) {
    expect(await refusal(ranged(ranges, recipe))).toContain(sentence);
  }
});

it('refuses features to come by name', async () => {
  await steps(bench).group();
  const notYet = (feature: string) =>
    `InvalidInputException: ${feature} is not available in this version of OpenPersonalize.`;
  expect(await refusal(create({ performHPO: true }))).toBe(notYet('performHPO'));
  expect(await refusal(create({ performAutoML: true, recipeArn: undefined }))).toBe(notYet('performAutoML'));
  expect(await refusal(create({ performIncrementalUpdate: true }))).toBe(
    'InvalidInputException: performIncrementalUpdate is not supported by recipe aws-user-personalization.',
  );
  expect(await refusal(create({ recipeArn: recipeArn('aws-hrnn') }))).toBe(notYet('Recipe aws-hrnn'));
  const configured = (solutionConfig: Input<'CreateSolution'>['solutionConfig']) => refusal(create({ solutionConfig }));
  expect(await configured({ optimizationObjective: { itemAttribute: 'PRICE' } })).toBe(notYet('optimizationObjective'));
});

const weighted = recipeArn('aws-user-personalization-v2');
const events = (...eventParametersList: { eventType?: string; weight?: number; eventValueThreshold?: number }[]) => ({
  eventsConfig: { eventParametersList },
});

it('takes weights of event types for the recipes that have them, and hands them to the training', async () => {
  await steps(bench).group();
  const solutionConfig = events({ eventType: 'buy', weight: 0.3 }, { eventType: 'view', eventValueThreshold: 2.5 });
  await create({ recipeArn: weighted, solutionConfig });
  await bench.settled(solutionArn);
  expect((await describeSolution())?.solutionConfig).toMatchObject(solutionConfig);
  const other = events({ eventType: 'buy', weight: 0.1 });
  await bench.call('UpdateSolution', { solutionArn, solutionUpdateConfig: other });
  await bench.settled(solutionArn);
  expect((await describeSolution())?.solutionConfig).toMatchObject(other);
});

it('refuses weights that the recipe does not have or that say nothing', async () => {
  await steps(bench).group();
  const refused = (options: Partial<Input<'CreateSolution'>>) => refusal(create({ recipeArn: weighted, ...options }));
  const buy = events({ eventType: 'buy', weight: 1 });
  expect(await refused({ recipeArn: personal, solutionConfig: buy })).toBe(
    'InvalidInputException: eventsConfig is not supported by recipe aws-user-personalization.',
  );
  const together =
    'InvalidInputException: eventsConfig cannot be given together with eventType or eventValueThreshold.';
  expect(await refused({ eventType: 'buy', solutionConfig: buy })).toBe(together);
  expect(await refused({ solutionConfig: { ...buy, eventValueThreshold: '2' } })).toBe(together);
  expect(await refused({ solutionConfig: events({ weight: 1 }) })).toContain('needs an eventType');
  expect(await refused({ solutionConfig: events({ eventType: 'buy' }, { eventType: 'buy' }) })).toContain(
    'more than once',
  );
  expect(await refused({ solutionConfig: events({ eventType: 'buy', weight: 0 }) })).toContain('greater than 0');
  await create({ recipeArn: weighted, eventType: 'buy' });
  await bench.settled(solutionArn);
  expect(await refusal(bench.call('UpdateSolution', { solutionArn, solutionUpdateConfig: buy }))).toBe(together);
});

it('leaves columns out of the training, but none that it needs', async () => {
  await steps(bench).group();
  const excluding = (
    excludedDatasetColumns: Record<string, string[]>,
    includedDatasetColumns?: Record<string, string[]>,
  ) => create({ solutionConfig: { trainingDataConfig: { excludedDatasetColumns, includedDatasetColumns } } });
  expect(await refusal(excluding({ Interactions: ['EVENT_TYPE'] }))).toContain(
    'EVENT_TYPE of Interactions cannot be excluded',
  );
  expect(await refusal(excluding({ Items: ['PRICE', 'ITEM_ID'] }))).toContain('ITEM_ID of Items cannot be excluded');
  expect(await refusal(excluding({ Actions: ['VALUE'] }))).toContain('must be one of Interactions, Items, Users');
  expect(await refusal(excluding({ Items: ['PRICE'] }, { ITEMS: ['GENRE'] }))).toContain(
    'or in includedDatasetColumns',
  );
  await excluding({ Items: ['PRICE'] });
  expect(await bench.settled(solutionArn)).toBe('ACTIVE');
});

it('refuses columns that its datasets do not have', async () => {
  await withData(bench);
  const trainingDataConfig = { excludedDatasetColumns: { Interactions: ['DEVISE'] } };
  expect(await refusal(create({ solutionConfig: { trainingDataConfig } }))).toBe(
    'InvalidInputException: Column DEVISE is not in the schema of the Interactions dataset.',
  );
});

it('takes the same members where they ask for nothing', async () => {
  await steps(bench).group();
  await create({
    performHPO: false,
    performAutoML: false,
    performIncrementalUpdate: false,
    performAutoTraining: false,
    solutionConfig: {
      optimizationObjective: { itemAttribute: 'PRICE', objectiveSensitivity: 'OFF' },
      eventsConfig: { eventParametersList: [] },
      trainingDataConfig: {},
    },
  });
  expect(await bench.settled(solutionArn)).toBe('ACTIVE');
  const solution = await describeSolution();
  expect(solution?.performAutoTraining).toBe(false);
  expect(solution?.solutionConfig?.autoTrainingConfig).toBeUndefined();
});

it('serves in a domain as elsewhere, but not with recipes of recommenders or of actions', async () => {
  const step = steps(bench);
  const group = await step.group('shop', 'ECOMMERCE');
  await step.imported(await step.dataset(group, await step.schema('shop', eventsSchema, 'ECOMMERCE')));
  const campaignArn = await step.campaign(await step.version(await step.solution(group)));
  const { itemList } = await bench.call('GetRecommendations', { campaignArn, userId: 'u' });
  expect(itemList?.[0]).toMatchObject({ itemId: 'a', score: 0.1234568 });
  const create = (recipe: string) =>
    refusal(bench.call('CreateSolution', { name: 'no', datasetGroupArn: group, recipeArn: recipeArn(recipe) }));
  expect(await create('aws-ecomm-recommended-for-you')).toBe(
    'InvalidInputException: Recipe aws-ecomm-recommended-for-you is for recommenders: create a recommender with it, or use another recipe.',
  );
  expect(await create('aws-next-best-action')).toBe(
    `InvalidInputException: Recipe aws-next-best-action is for dataset groups without a domain, but dataset group ${group} is of the domain ECOMMERCE.`,
  );
});

it('refuses settings that the recipe does not have or allow', async () => {
  await steps(bench).group();
  const refused = async (solutionConfig: Input<'CreateSolution'>['solutionConfig']) =>
    expect(await refusal(create({ solutionConfig }))).toMatch(/^InvalidInputException: /);
  await refused({ algorithmHyperParameters: { hidden_dimension: '1000' } });
  await refused({ algorithmHyperParameters: { depth: '3' } });
  await refused({ featureTransformationParameters: { min_user_history_length_percentile: 'few' } });
  for (const eventValueThreshold of ['much', '', ' 0.5 ', '0x1', '1e999', 'Infinity']) {
    expect(await refusal(create({ solutionConfig: { eventValueThreshold } }))).toBe(
      `InvalidInputException: eventValueThreshold ${eventValueThreshold} is not a number.`,
    );
  }
  await refused({ autoTrainingConfig: { schedulingExpression: 'rate(31 days)' } });
  await refused({ autoTrainingConfig: { schedulingExpression: 'rate(0 days)' } });
  expect(await refusal(create({ recipeArn: undefined }))).toMatch(/^InvalidInputException: recipeArn is required/);
  expect(await refusal(create({ recipeArn: recipeArn('aws-none') }))).toMatch(/^ResourceNotFoundException/);
});

it('is one of at most ten of its group', async () => {
  const step = steps(bench);
  for (const group of [await step.group(), await step.group('books')]) {
    for (let index = 0; index < 10; index++) {
      await bench.call('CreateSolution', {
        name: `${group.split('/')[1]}-${index}`,
        datasetGroupArn: group,
        recipeArn: personal,
      });
    }
  }
  expect(await refusal(create())).toBe(
    'LimitExceededException: Cannot create a solution. More than 10 resources in ACTIVE state. Please delete some and try again.',
  );
  const { solutions } = await bench.call('ListSolutions', { datasetGroupArn });
  expect(solutions?.map(({ name }) => name)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((index) => `films-${index}`));
  expect((await bench.call('ListSolutions', {})).solutions).toHaveLength(20);
});

it('changes its training schedule by an update', async () => {
  const step = steps(bench);
  await step.solution(await step.group());
  expect(await refusal(bench.call('UpdateSolution', { solutionArn }))).toMatch(/^InvalidInputException/);
  expect(await refusal(bench.call('UpdateSolution', { solutionArn, performIncrementalUpdate: true }))).toBe(
    'InvalidInputException: performIncrementalUpdate is not supported by recipe aws-user-personalization.',
  );
  const autoTrainingConfig = { schedulingExpression: 'rate(1 day)' };
  const asked = { solutionArn, performAutoTraining: false, solutionUpdateConfig: { autoTrainingConfig } };
  expect(await bench.call('UpdateSolution', asked)).toEqual({ solutionArn });
  await bench.settled(solutionArn);
  expect(await describeSolution()).toMatchObject({
    status: 'ACTIVE',
    performAutoTraining: false,
    solutionConfig: { autoTrainingConfig },
    latestSolutionUpdate: {
      status: 'ACTIVE',
      performAutoTraining: false,
      solutionUpdateConfig: { autoTrainingConfig },
    },
  });
});

it('has the default schedule when an update asks for automatic training without one', async () => {
  const step = steps(bench);
  const datasetGroupArn = await step.group();
  const recipeArn = 'arn:aws:personalize:::recipe/aws-user-personalization';
  const manual = { name: 'manual', datasetGroupArn, recipeArn, performAutoTraining: false };
  const { solutionArn: manualArn = '' } = await bench.call('CreateSolution', manual);
  await bench.settled(manualArn);
  await bench.call('UpdateSolution', { solutionArn: manualArn, performAutoTraining: true });
  await bench.settled(manualArn);
  expect((await bench.call('DescribeSolution', { solutionArn: manualArn })).solution).toMatchObject({
    performAutoTraining: true,
    solutionConfig: { autoTrainingConfig: { schedulingExpression: 'rate(7 days)' } },
  });
});

it('refuses a second update and its deletion while one is under way', async () => {
  const step = steps(bench);
  await step.solution(await step.group());
  await bench.control.stop();
  const update = () => bench.call('UpdateSolution', { solutionArn, performAutoTraining: true });
  await update();
  const busy = `ResourceInUseException: Resource ${solutionArn} has an update in status CREATE PENDING.`;
  expect(await refusal(update())).toBe(busy);
  expect(await refusal(bench.call('DeleteSolution', { solutionArn }))).toBe(busy);
});

it('goes with its versions and their models, but not while a campaign or a training needs it', async () => {
  const { group } = await withData(bench);
  const step = steps(bench);
  const solution = await step.solution(group);
  const version = await step.version(solution);
  const campaign = await step.campaign(version);
  const remove = () => bench.call('DeleteSolution', { solutionArn: solution });
  expect(await refusal(remove())).toMatch(`ResourceInUseException: Solution ${solution} is in use by ${campaign}`);
  await bench.call('DeleteCampaign', { campaignArn: campaign });
  await bench.settled(campaign);
  bench.training.hold();
  const { solutionVersionArn = '' } = await bench.call('CreateSolutionVersion', { solutionArn: solution });
  expect(await refusal(remove())).toMatch(
    `ResourceInUseException: Solution ${solution} is in use by ${solutionVersionArn}`,
  );
  bench.training.release();
  await bench.settled(solutionVersionArn);
  await remove();
  expect(await bench.settled(solution)).toBe('gone');
  expect(await refusal(bench.call('DescribeSolutionVersion', { solutionVersionArn: version }))).toMatch(
    /^ResourceNotFoundException/,
  );
  await bench.control.stop();
  for await (const { key } of bench.parts.store.list('models/')) expect.fail(`${key} was left behind`);
});
