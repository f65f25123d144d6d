import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { filteredFilms } from './filtered-films.fixture.ts';

let bench: Bench;
let films: Awaited<ReturnType<typeof filteredFilms>>;
beforeEach(async () => {
  bench = await openBench();
  films = await filteredFilms(bench);
});
afterEach(() => bench.close());

const recommend = (input: Input<'GetRecommendations'>) => bench.call('GetRecommendations', input);
const givesMetadata = { enableMetadataWithRecommendations: true };

it('answers what is said of items, in lower case, as it is now', async () => {
  const campaignArn = await films.campaign('aws-user-personalization', givesMetadata);
  const metadataColumns = { ITEMS: ['TITLE', 'genres', 'PRICE', 'ITEM_ID'] };
  const ask = { campaignArn, userId: 'adult', metadataColumns };
  expect((await recommend(ask)).itemList).toEqual([
    {
      itemId: 'a',
      score: 0.1234568,
      metadata: { title: 'Amélie', genres: 'Comedy|Drama', price: '9.99', item_id: 'a' },
    },
    { itemId: 'b', score: 0.1, metadata: { title: 'Brazil', genres: 'Drama', price: '20', item_id: 'b' } },
    { itemId: 'c', metadata: { title: 'Carrie', genres: 'Horror', item_id: 'c' } },
  ]);
  await films.putItem('b', { title: 'Brazil, again' });
  expect((await recommend(ask)).itemList?.[1]?.metadata).toEqual({ title: 'Brazil, again', item_id: 'b' });
  const plain = await recommend({ campaignArn, userId: 'adult', metadataColumns: { ITEMS: [] } });
  expect(plain.itemList?.some((item) => 'metadata' in item)).toBe(false);
});

it('answers it for promoted items and for rankings, too', async () => {
  const campaignArn = await films.campaign('aws-user-personalization', givesMetadata);
  const metadataColumns = { ITEMS: ['TITLE'] };
  const promotions = [{ name: 'deal', percentPromotedItems: 100 }];
  const promoted = await recommend({ campaignArn, userId: 'u', numResults: 1, metadataColumns, promotions });
  expect(promoted.itemList).toEqual([
    { itemId: 'a', score: 0.1234568, promotionName: 'deal', metadata: { title: 'Amélie' } },
  ]);
  const ranking = await films.campaign('aws-personalized-ranking', givesMetadata);
  const rank = (inputList: string[]) =>
    bench.call('GetPersonalizedRanking', { campaignArn: ranking, userId: 'u', inputList, metadataColumns });
  expect((await rank(['b', 'unheard of'])).personalizedRanking).toEqual([
    { itemId: 'b', score: 0.75, metadata: { title: 'Brazil' } },
    { itemId: 'unheard of', metadata: {} },
  ]);
  const inputList = Array.from({ length: 51 }, (_, n) => `i${n}`);
  expect(await refusal(rank(inputList))).toBe(
    'InvalidInputException: inputList must name no more than 50 items where metadataColumns is given.',
  );
});

it('says how to turn it on, and what a request may ask for', async () => {
  const without = await films.campaign('aws-sims');
  const columns = (...ITEMS: string[]) => ({ metadataColumns: { ITEMS } });
  expect(await refusal(recommend({ campaignArn: without, itemId: 'a', ...columns('TITLE') }))).toBe(
    `InvalidInputException: Campaign ${without} gives no metadata of items; update it with a campaignConfig that has ` +
      'enableMetadataWithRecommendations.',
  );
  await bench.call('UpdateCampaign', { campaignArn: without, campaignConfig: givesMetadata });
  await bench.settled(without);
  const ask = async (more: Partial<Input<'GetRecommendations'>>) =>
    await recommend({ campaignArn: without, itemId: 'a', ...more });
  expect((await ask(columns('TITLE'))).itemList?.[0]).toEqual({ itemId: 'a', metadata: { title: 'Amélie' } });
  expect(await refusal(ask(columns('TITEL')))).toBe(
    'InvalidInputException: metadataColumns names TITEL, which the Items dataset does not have.',
  );
  expect(await refusal(ask(columns(...Array.from({ length: 11 }, (_, n) => `C${n}`))))).toBe(
    'InvalidInputException: metadataColumns must name no more than 10 columns.',
  );
  expect(await refusal(ask({ metadataColumns: { USERS: ['TIER'] } }))).toBe(
    'InvalidInputException: metadataColumns names USERS; the only dataset is ITEMS.',
  );
  expect(await refusal(ask({ ...columns('TITLE'), numResults: 51 }))).toBe(
    'InvalidInputException: numResults must be less than or equal to 50 where metadataColumns is given.',
  );
  await ask({ ...columns('TITLE'), numResults: 50 });
});

it('has none where there is no Items dataset', async () => {
  const step = steps(bench);
  const songs = await step.group('songs');
  await step.dataset(songs, arnFor('schema/interactions'));
  const version = await step.version(await step.solution(songs, 'songs', 'aws-user-personalization-v2'));
  const campaignArn = await step.campaign(version, 'songs');
  expect(await refusal(recommend({ campaignArn, userId: 'u', metadataColumns: { ITEMS: ['TITLE'] } }))).toBe(
    'InvalidInputException: metadataColumns needs an Items dataset, which the dataset group does not have.',
  );
});
