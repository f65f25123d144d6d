import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
let group: string;
beforeEach(async () => {
  bench = await openBench();
  group = (await withData(bench)).group;
});
afterEach(() => bench.close());

/** A campaign of a recipe. */
async function deploy(recipe: string): Promise<string> {
  const step = steps(bench);
  const name = recipe.replace('aws-', '');
  return await step.campaign(await step.version(await step.solution(group, name, recipe)), name);
}

const recommend = (input: Input<'GetRecommendations'>) => bench.call('GetRecommendations', input);
const rank = (input: Input<'GetPersonalizedRanking'>) => bench.call('GetPersonalizedRanking', input);
const recommendationId = expect.stringMatching(/^RID-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);

it('recommends to a user, with rounded scores where the recipe shows any', async () => {
  const campaignArn = await deploy('aws-user-personalization');
  const answer = await recommend({ campaignArn, userId: 'u', itemId: 'ignored', context: { DEVICE: 'tv' } });
  expect(answer).toEqual({
    itemList: [{ itemId: 'a', score: 0.1234568 }, { itemId: 'b', score: 0.1 }, { itemId: 'c' }],
    recommendationId,
  });
  expect(bench.asked.at(-1)).toMatchObject({
    ownerArn: campaignArn,
    userId: 'u',
    count: 25,
    recipeType: 'USER_PERSONALIZATION',
    context: { DEVICE: 'tv' },
  });
  expect((await recommend({ campaignArn, userId: 'u' })).recommendationId).not.toBe(answer.recommendationId);
  await recommend({ campaignArn, userId: 'u', numResults: 0 });
  expect(bench.asked.at(-1)).toMatchObject({ count: 25 });
  await recommend({ campaignArn, userId: 'u', numResults: 500 });
  expect(bench.asked.at(-1)).toMatchObject({ count: 500 });
  expect(await refusal(recommend({ campaignArn, userId: 'u', numResults: 501 }))).toMatch(/^InvalidInputException/);
});

it('asks for the ids that the recipe needs', async () => {
  const personal = await deploy('aws-user-personalization');
  const related = await deploy('aws-sims');
  const popular = await deploy('aws-popularity-count');
  expect(await refusal(recommend({ campaignArn: personal, itemId: 'i' }))).toBe(
    'InvalidInputException: userId is required for recipes of type USER_PERSONALIZATION.',
  );
  expect(await refusal(recommend({ campaignArn: related, userId: 'u' }))).toBe(
    'InvalidInputException: itemId is required for recipes of type RELATED_ITEMS.',
  );
  const itemList = [{ itemId: 'a' }, { itemId: 'b' }, { itemId: 'c' }];
  expect(await recommend({ campaignArn: related, itemId: 'i' })).toEqual({ itemList, recommendationId });
  expect(await recommend({ campaignArn: popular })).toEqual({ itemList, recommendationId });
});

it('ranks the items of a list, each once', async () => {
  const campaignArn = await deploy('aws-personalized-ranking');
  const context = { DEVICE: 'tv' };
  expect(await rank({ campaignArn, userId: 'u', inputList: ['x', 'y', 'x'], context })).toEqual({
    personalizedRanking: [{ itemId: 'x', score: 0.75 }, { itemId: 'y' }],
    recommendationId,
  });
  expect(bench.asked.at(-1)).toMatchObject({ context });
  expect(await refusal(rank({ campaignArn, userId: 'u', inputList: [] }))).toMatch(/^InvalidInputException/);
  const inputList = Array.from({ length: 501 }, (_, index) => `i${index}`);
  expect(await refusal(rank({ campaignArn, userId: 'u', inputList }))).toMatch(/^InvalidInputException/);
  expect(await refusal(rank({ campaignArn, userId: '', inputList: ['x'] }))).toMatch(/^InvalidInputException: userId/);
  expect(await refusal(recommend({ campaignArn, userId: 'u' }))).toBe(
    `InvalidInputException: GetRecommendations does not apply to campaign ${campaignArn}, whose recipe is of type PERSONALIZED_RANKING.`,
  );
  const personal = await deploy('aws-user-personalization');
  expect(await refusal(rank({ campaignArn: personal, userId: 'u', inputList: ['x'] }))).toBe(
    `InvalidInputException: GetPersonalizedRanking does not apply to campaign ${personal}, whose recipe is of type USER_PERSONALIZATION.`,
  );
});

it('wants one campaign that exists and belongs to the caller', async () => {
  const campaignArn = await deploy('aws-user-personalization');
  const none = arnFor('campaign/none');
  expect(await refusal(recommend({ campaignArn: none, userId: 'u' }))).toBe(
    `ResourceNotFoundException: Resource Arn ${none} does not exist.`,
  );
  const recommenderArn = arnFor('recommender/top');
  expect(await refusal(recommend({ userId: 'u' }))).toBe(
    'InvalidInputException: Exactly one of campaignArn and recommenderArn must be given.',
  );
  expect(await refusal(recommend({ campaignArn, recommenderArn, userId: 'u' }))).toMatch(
    /^InvalidInputException: Exactly/,
  );
  expect(await refusal(recommend({ recommenderArn, userId: 'u' }))).toBe(
    `ResourceNotFoundException: Resource Arn ${recommenderArn} does not exist.`,
  );
  const others = bench.call('GetRecommendations', { campaignArn, userId: 'u' }, { account: '210987654321' });
  expect(await refusal(others)).toMatch(/^ResourceNotFoundException/);
});

it('ignores what asks for nothing', async () => {
  const campaignArn = await deploy('aws-user-personalization');
  const nothing = { promotions: [], filterValues: { GENRE: '"Drama' }, metadataColumns: {} };
  expect((await recommend({ campaignArn, userId: 'u', ...nothing })).itemList).toHaveLength(3);
});

describe('promotions', () => {
  const promotions = [{ name: 'new-films', percentPromotedItems: 30 }];

  it('marks the best items, asks for as many as are promoted, and shows none twice', async () => {
    const campaignArn = await deploy('aws-user-personalization');
    const { itemList = [] } = await recommend({ campaignArn, userId: 'u', numResults: 3, promotions });
    expect(itemList).toHaveLength(3);
    expect(itemList).toContainEqual({ itemId: 'a', score: 0.1234568, promotionName: 'new-films' });
    expect(itemList.filter(({ promotionName }) => promotionName === undefined)).toEqual([
      { itemId: 'b', score: 0.1 },
      { itemId: 'c' },
    ]);
    expect(bench.asked.slice(-2)).toMatchObject([{ count: 3 }, { count: 1, userId: 'u' }]);
    await recommend({ campaignArn, userId: 'u', promotions });
    expect(bench.asked.slice(-2)).toMatchObject([{ count: 25 }, { count: 8 }]);
  });

  it('says why with the recipes that give reasons alone', async () => {
    const campaignArn = await deploy('aws-user-personalization-v2');
    const all = [{ name: 'all', percentPromotedItems: 100 }];
    const { itemList = [] } = await recommend({ campaignArn, userId: 'u', numResults: 2, promotions: all });
    expect(itemList).toEqual([
      { itemId: 'a', score: 0.1234568, promotionName: 'all', reason: ['Promoted item'] },
      { itemId: 'b', score: 0.1, promotionName: 'all', reason: ['Promoted item'] },
    ]);
    expect((await recommend({ campaignArn, userId: 'u' })).itemList?.some(({ reason }) => reason)).toBe(false);
  });

  it('works for related and popular items, and not for what is no share of a list', async () => {
    const related = await deploy('aws-sims');
    const popular = await deploy('aws-popularity-count');
    for (const ids of [{ campaignArn: related, itemId: 'i' }, { campaignArn: popular }]) {
      const { itemList } = await recommend({ ...ids, numResults: 1, promotions: [{ percentPromotedItems: 1 }] });
      expect(itemList).toEqual([{ itemId: 'a' }]);
    }
    expect(await refusal(recommend({ campaignArn: popular, promotions: [{ name: 'n' }] }))).toBe(
      'InvalidInputException: promotions.percentPromotedItems is required.',
    );
    const two = [...promotions, ...promotions];
    expect(await refusal(recommend({ campaignArn: popular, promotions: two }))).toMatch(/^InvalidInputException/);
    for (const percentPromotedItems of [0, 101]) {
      const wrong = [{ percentPromotedItems }];
      expect(await refusal(recommend({ campaignArn: popular, promotions: wrong }))).toMatch(/^InvalidInputException/);
    }
  });
});
