import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, openBench, recipeArn, refusal } from './control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ start: false });
});
afterEach(() => bench.close());

const builtIn = (path: string) => `arn:aws:personalize:::${path}`;

it('lists the recipes in pages', async () => {
  const first = await bench.call('ListRecipes', { maxResults: 3, recipeProvider: 'SERVICE' });
  const second = await bench.call('ListRecipes', { maxResults: 3, nextToken: first.nextToken });
  const names = [first, second].flatMap(({ recipes = [] }) => recipes.map(({ name }) => name));
  expect(names.sort()).toEqual([
    ...['aws-personalized-ranking', 'aws-personalized-ranking-v2', 'aws-popularity-count', 'aws-sims'],
    ...['aws-user-personalization', 'aws-user-personalization-v2'],
  ]);
  expect(second.nextToken).toBeUndefined();
  expect((await bench.call('ListRecipes', { domain: 'ECOMMERCE' })).recipes).toEqual([]);
  const { nextToken } = first;
  expect(await refusal(bench.call('ListRecipes', { domain: 'ECOMMERCE', nextToken }))).toMatch(
    /^InvalidNextTokenException/,
  );
});

it('describes a recipe with its algorithm and feature transformation', async () => {
  const { recipe } = await bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-sims') });
  expect(recipe).toMatchObject({
    ...{ name: 'aws-sims', recipeArn: recipeArn('aws-sims'), recipeType: 'RELATED_ITEMS', status: 'ACTIVE' },
    algorithmArn: builtIn('algorithm/aws-sims'),
    featureTransformationArn: builtIn('feature-transformation/sims'),
  });
  const { algorithm } = await bench.call('DescribeAlgorithm', { algorithmArn: builtIn('algorithm/aws-sims') });
  expect(algorithm?.defaultHyperParameters).toMatchObject({
    ...{ popularity_discount_factor: '0.5', min_cointeraction_count: '3' },
  });
  expect(algorithm?.defaultHyperParameterRanges?.integerHyperParameterRanges).toContainEqual({
    ...{ name: 'min_cointeraction_count', minValue: 0, maxValue: 10, isTunable: true },
  });
  const featureTransformationArn = builtIn('feature-transformation/sims');
  const described = await bench.call('DescribeFeatureTransformation', { featureTransformationArn });
  expect(described.featureTransformation?.defaultParameters).toEqual({
    ...{ min_user_history_length_percentile: '0.005', max_user_history_length_percentile: '0.995' },
    ...{ min_item_interaction_count_percentile: '0.01', max_item_interaction_count_percentile: '0.9' },
  });
});

it('publishes Popularity-Count under the type of its page, fractions with a point, categories with their values', async () => {
  const { recipe } = await bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-popularity-count') });
  expect(recipe?.recipeType).toBe('USER_PERSONALIZATION');
  const { algorithm } = await bench.call('DescribeAlgorithm', {
    algorithmArn: builtIn('algorithm/aws-user-personalization'),
  });
  expect(algorithm?.defaultHyperParameters).toMatchObject({ hidden_dimension: '149', bptt: '32' });
  expect(algorithm?.defaultHyperParameterRanges?.categoricalHyperParameterRanges).toContainEqual({
    ...{ name: 'recency_mask', values: ['True', 'False'], isTunable: true },
  });
  const { recipe: ranking } = await bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-personalized-ranking') });
  const described = await bench.call('DescribeFeatureTransformation', {
    featureTransformationArn: ranking?.featureTransformationArn ?? '',
  });
  expect(described.featureTransformation?.defaultParameters).toEqual({
    ...{ min_user_history_length_percentile: '0.0', max_user_history_length_percentile: '0.99' },
  });
});

it('says which recipes are to come and which do not exist', async () => {
  expect(await refusal(bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-similar-items') }))).toBe(
    'InvalidInputException: Recipe aws-similar-items is not available in this version of OpenPersonalize.',
  );
  for (const arn of [recipeArn('aws-none'), builtIn('algorithm/aws-sims')]) {
    expect(await refusal(bench.call('DescribeRecipe', { recipeArn: arn }))).toBe(
      `ResourceNotFoundException: Resource Arn ${arn} does not exist.`,
    );
  }
});

it('knows recipes in the partition of the caller', async () => {
  const region = 'cn-north-1';
  const { recipes = [] } = await bench.call('ListRecipes', { maxResults: 1 }, { region });
  const arn = recipes[0]?.recipeArn ?? '';
  expect(arn).toMatch(/^arn:aws-cn:personalize:::recipe\/aws-/);
  expect((await bench.call('DescribeRecipe', { recipeArn: arn }, { region })).recipe?.recipeArn).toBe(arn);
});

it('refuses the operations of later versions by name', async () => {
  expect(await refusal(bench.call('ListFilters', {}))).toBe(
    'InvalidInputException: ListFilters is not available in this version of OpenPersonalize.',
  );
  expect(await refusal(bench.call('GetActionRecommendations', {}))).toBe(
    'InvalidInputException: GetActionRecommendations is not available in this version of OpenPersonalize.',
  );
});
