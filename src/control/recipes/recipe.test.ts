import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, recipeArn, refusal } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ start: false });
});
afterEach(() => bench.close());

const builtIn = (path: string) => `arn:aws:personalize:::${path}`;

const listed = async (input: Input<'ListRecipes'>) => {
  const { recipes = [], nextToken } = await bench.call('ListRecipes', input);
  return { names: recipes.map(({ name = '' }) => name), domains: recipes.map(({ domain }) => domain), nextToken };
};

it('lists all recipes by name, eleven on a page, those of domains with their domain', async () => {
  const first = await listed({ recipeProvider: 'SERVICE' });
  const second = await listed({ nextToken: first.nextToken });
  expect(second.nextToken).toBeUndefined();
  expect(first.names).toEqual([
    ...['aws-ecomm-customers-who-viewed-x-also-viewed', 'aws-ecomm-frequently-bought-together'],
    ...['aws-ecomm-popular-items-by-purchases', 'aws-ecomm-popular-items-by-views', 'aws-ecomm-recommended-for-you'],
    ...['aws-item-affinity', 'aws-item-attribute-affinity', 'aws-next-best-action', 'aws-personalized-ranking'],
    ...['aws-personalized-ranking-v2', 'aws-popularity-count'],
  ]);
  expect(second.names).toEqual([
    ...['aws-semantic-similarity', 'aws-similar-items', 'aws-sims', 'aws-trending-now', 'aws-user-personalization'],
    ...['aws-user-personalization-v2', 'aws-vod-because-you-watched-x', 'aws-vod-more-like-x', 'aws-vod-most-popular'],
    ...['aws-vod-top-picks', 'aws-vod-trending-now'],
  ]);
  expect(first.domains.filter((domain) => domain === 'ECOMMERCE')).toHaveLength(5);
  expect(second.domains.filter((domain) => domain === 'VIDEO_ON_DEMAND')).toHaveLength(5);
  expect([...first.domains, ...second.domains].filter((domain) => domain === undefined)).toHaveLength(12);
});

it('lists the recipes of a domain on a first page that has a token, which leads to an empty last page', async () => {
  for (const domain of ['ECOMMERCE', 'VIDEO_ON_DEMAND'] as const) {
    const { names, domains, nextToken } = await listed({ domain });
    expect(names).toHaveLength(5);
    expect(new Set(domains)).toEqual(new Set([domain]));
    expect(nextToken).toEqual(expect.any(String));
    expect(await listed({ domain, nextToken })).toEqual({ names: [], domains: [], nextToken: undefined });
    expect(await refusal(listed({ nextToken }))).toMatch(/^InvalidNextTokenException/);
  }
});

it('has each recipe once on pages of any size', async () => {
  for (const maxResults of [1, 3, 11, 21, 22, 23, 100]) {
    const names: string[] = [];
    for (let nextToken: string | undefined, page = 0; page === 0 || nextToken !== undefined; page++) {
      const more = await listed({ maxResults, nextToken });
      if (page === 0) expect(more.nextToken).toEqual(expect.any(String));
      names.push(...more.names);
      ({ nextToken } = more);
    }
    expect(names).toHaveLength(22);
    expect(new Set(names).size).toBe(22);
  }
});

it('describes every recipe that it lists, and what each one names', async () => {
  const { names } = await listed({ maxResults: 100 });
  for (const name of names) {
    const { recipe } = await bench.call('DescribeRecipe', { recipeArn: recipeArn(name) });
    expect(recipe).toMatchObject({ name, recipeArn: recipeArn(name), status: 'ACTIVE' });
    expect(recipe?.recipeType).toMatch(/^[A-Z_]+$/);
    expect(recipe?.description).toMatch(/\.$/);
    const { algorithmArn, featureTransformationArn } = recipe ?? {};
    if (/^aws-(ecomm|vod)-/.test(name)) continue;
    expect((await bench.call('DescribeAlgorithm', { algorithmArn: algorithmArn ?? '' })).algorithm).toMatchObject({
      algorithmArn,
    });
    const described = await bench.call('DescribeFeatureTransformation', {
      featureTransformationArn: featureTransformationArn ?? '',
    });
    expect(described.featureTransformation).toMatchObject({ featureTransformationArn, status: 'ACTIVE' });
  }
  const trending = await bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-trending-now') });
  expect(trending.recipe?.algorithmArn).toBe(builtIn('algorithm/aws-trending-now-custom'));
});

it('describes a recipe with its algorithm and feature transformation', async () => {
  const { recipe } = await bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-sims') });
  expect(recipe).toMatchObject({
    name: 'aws-sims',
    recipeArn: recipeArn('aws-sims'),
    recipeType: 'RELATED_ITEMS',
    status: 'ACTIVE',
    algorithmArn: builtIn('algorithm/aws-sims'),
    featureTransformationArn: builtIn('feature-transformation/sims'),
  });
  const { algorithm } = await bench.call('DescribeAlgorithm', { algorithmArn: builtIn('algorithm/aws-sims') });
  expect(algorithm?.defaultHyperParameters).toMatchObject({
    popularity_discount_factor: '0.5',
    min_cointeraction_count: '3',
  });
  expect(algorithm?.defaultHyperParameterRanges?.integerHyperParameterRanges).toContainEqual({
    name: 'min_cointeraction_count',
    minValue: 0,
    maxValue: 10,
    isTunable: true,
  });
  const featureTransformationArn = builtIn('feature-transformation/sims');
  const described = await bench.call('DescribeFeatureTransformation', { featureTransformationArn });
  expect(described.featureTransformation?.defaultParameters).toEqual({
    min_user_history_length_percentile: '0.005',
    max_user_history_length_percentile: '0.995',
    min_item_interaction_count_percentile: '0.01',
    max_item_interaction_count_percentile: '0.9',
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
    name: 'recency_mask',
    values: ['True', 'False'],
    isTunable: true,
  });
  const { recipe: ranking } = await bench.call('DescribeRecipe', { recipeArn: recipeArn('aws-personalized-ranking') });
  const described = await bench.call('DescribeFeatureTransformation', {
    featureTransformationArn: ranking?.featureTransformationArn ?? '',
  });
  expect(described.featureTransformation?.defaultParameters).toEqual({
    min_user_history_length_percentile: '0.0',
    max_user_history_length_percentile: '0.99',
  });
});

it('says which recipes cannot be trained yet, which are none for a solution, and which do not exist', async () => {
  const create = (name: string) =>
    refusal(
      bench.call('CreateSolution', {
        name: 'likes',
        datasetGroupArn: arnFor('dataset-group/films'),
        recipeArn: recipeArn(name),
      }),
    );
  expect(await create('aws-vod-most-popular')).toBe(
    'InvalidInputException: Recipe aws-vod-most-popular is for recommenders: create a recommender with it, or use another recipe.',
  );
  expect(await create('aws-hrnn')).toBe(
    'InvalidInputException: Recipe aws-hrnn is not available in this version of OpenPersonalize.',
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
