import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GetRecommendationsCommandInput, PredictedItem } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { bringPricedFilms, type Film, pricedFilms } from '../support/priced-films.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';

let home: string;
let server: ServerProcess;
let films: Awaited<ReturnType<typeof bringPricedFilms>>;
let campaigns: { user: string; exploring: string; v2: string; related: string; ranking: string };

const answersMetadata = { enableMetadataWithRecommendations: true };
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-filtered-'));
  server = await startServerProcess({ home });
  films = await bringPricedFilms(() => server);
  const user = await films.version('aws-user-personalization');
  const exploring = (explorationWeight: string) => ({ itemExplorationConfig: { explorationWeight } });
  campaigns = {
    // Without exploration a list follows from the model alone.
    user: await films.campaign('user', user, { ...answersMetadata, ...exploring('0') }),
    exploring: await films.campaign('exploring', user, exploring('1')),
    v2: await films.campaign('v2', await films.version('aws-user-personalization-v2')),
    related: await films.campaign('related', await films.version('aws-sims'), answersMetadata),
    ranking: await films.campaign('ranking', await films.version('aws-personalized-ranking')),
  };
});
afterAll(async () => {
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

type Asked = Partial<GetRecommendationsCommandInput>;

const ask = async (asked: Asked): Promise<PredictedItem[]> =>
  (await clients(server.url).runtime.getRecommendations({ campaignArn: campaigns.user, userId: 'ua1', ...asked }))
    .itemList ?? [];
const idsOf = (list: readonly PredictedItem[]) => list.map(({ itemId = '' }) => itemId);
const idsFor = async (asked: Asked) => idsOf(await ask(asked));
const filmOf = (id: string): Film => pricedFilms.get(id) ?? { genre: '', price: Number.NaN, title: '' };
const has = (genre: string) => (id: string) => filmOf(id).genre.split('|').includes(genre);
const refused = (name: string, message: string | RegExp) =>
  expect.objectContaining({ name, message: typeof message === 'string' ? message : expect.stringMatching(message) });

test('a filter keeps the order of the model, and fills the list', async () => {
  const all = await idsFor({ numResults: 500 });
  expect(all).toHaveLength(80);
  const filterArn = await films.filter(
    'genres',
    'INCLUDE ItemID WHERE Items.GENRE IN ($GENRES) AND Items.PRICE <= $MAX',
  );
  const kept = (genres: string[], max: number) =>
    all.filter((id) => genres.some((genre) => has(genre)(id)) && Math.fround(filmOf(id).price) <= Math.fround(max));
  const filtered = (GENRES: string, MAX: string, more: Asked = {}) =>
    idsFor({ filterArn, filterValues: { GENRES, MAX }, numResults: 500, ...more });
  expect(await filtered('"Drama"', '9.99')).toEqual(kept(['Drama'], 9.99));
  expect(await filtered('"Comedy","Thriller"', '"20"')).toEqual(kept(['Comedy', 'Thriller'], 20));
  expect(await filtered('"Drama"', '9.99', { numResults: 5 })).toEqual(kept(['Drama'], 9.99).slice(0, 5));
  expect(await filtered('"drama"', '9.99')).toEqual([]);
  await expect(filtered('"Drama"', 'cheap')).rejects.toEqual(refused('InvalidInputException', /MAX is a number/));
});

test('what a user bought is gone with the next request, and what was imported counts', async () => {
  const notBought = await films.filter('not-bought', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")');
  const unseen = await films.filter('unseen', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")');
  const watched = new Set(
    films.interactions.split('\n').flatMap((line) => (line.startsWith('ua1,') ? [line.split(',')[1]] : [])),
  );
  const all = await idsFor({ numResults: 500 });
  expect(await idsFor({ filterArn: unseen, numResults: 500 })).toEqual(all.filter((id) => !watched.has(id)));
  const bought: string[] = [];
  for (let n = 0; n < 20; n++) {
    const [next = ''] = await idsFor({ filterArn: notBought, numResults: 1 });
    expect(bought).not.toContain(next);
    await films.putEvent('ua1', 'buy', next);
    bought.push(next);
    expect(await idsFor({ filterArn: notBought, numResults: 500 })).toHaveLength(80 - bought.length);
  }
  const others = await ask({ campaignArn: campaigns.related, itemId: bought[0], filterArn: notBought, numResults: 80 });
  expect(idsOf(others).filter((id) => bought.includes(id))).toEqual([]);
  await expect(
    clients(server.url).runtime.getRecommendations({
      campaignArn: campaigns.related,
      itemId: 'a1',
      filterArn: notBought,
    }),
  ).rejects.toEqual(refused('InvalidInputException', /give the userId in the request/));
});

test('records and imports of items count without a training, also after a kill', async () => {
  const filterArn = await films.filter('westerns', 'INCLUDE ItemID WHERE Items.GENRE IN ("Western")');
  const westerns = async () => (await idsFor({ filterArn, numResults: 500 })).toSorted();
  expect(await westerns()).toEqual([]);
  await films.putItem('a5', { genre: 'Comedy|Western' });
  expect(await westerns()).toEqual(['a5']);
  await films.putItem('a6', { genre: 'Western' });
  await server.kill('SIGKILL');
  server = await startServerProcess({ home });
  expect(await westerns()).toEqual(['a5', 'a6']);
  await films.importItems('western', 'ITEM_ID,GENRE,PRICE,TITLE\nb1,Western,1,West\n');
  await expect.poll(westerns).toEqual(['a5', 'a6', 'b1']);
  for (const id of ['a5', 'a6', 'b1']) await films.putItem(id, filmOf(id));
  expect(await westerns()).toEqual([]);
});

test('promoted items are the best that their filter lets pass, between the others', async () => {
  const byGenre = await films.filter('genre', 'INCLUDE ItemID WHERE Items.GENRE IN ($G)');
  const promotions = [
    { name: 'thrillers', percentPromotedItems: 25, filterArn: byGenre, filterValues: { G: '"Thriller"' } },
  ];
  const all = await idsFor({ numResults: 500 });
  const list = await ask({ numResults: 20, filterArn: byGenre, filterValues: { G: '"Comedy"' }, promotions });
  const isPromoted = ({ promotionName }: PredictedItem) => promotionName === 'thrillers';
  const thrillers = all.filter(has('Thriller')).slice(0, 5);
  expect(idsOf(list.filter(isPromoted))).toEqual(thrillers);
  const others = all.filter(has('Comedy')).filter((id) => !thrillers.includes(id));
  expect(idsOf(list.filter((item) => !isPromoted(item)))).toEqual(others.slice(0, 15));
  expect(list.every(({ reason }) => reason === undefined)).toBe(true);
  const reasons = (await ask({ campaignArn: campaigns.v2, numResults: 4, promotions })).filter(isPromoted);
  expect(reasons.map(({ reason }) => reason)).toEqual([['Promoted item']]);
  const beside = [{ name: 'alike', percentPromotedItems: 50, filterArn: await films.filter('alike', alike) }];
  const related = await ask({ campaignArn: campaigns.related, itemId: 'b3', numResults: 10, promotions: beside });
  const promoted = idsOf(related.filter(({ promotionName }) => promotionName === 'alike'));
  expect(promoted).toHaveLength(5);
  expect(promoted.every((id) => ['Drama', 'Crime', 'Thriller'].some((genre) => has(genre)(id)))).toBe(true);
});
const alike = 'INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE';

test('the v2 recipe fills what a narrow filter leaves', async () => {
  const filterArn = await films.filter('noir', 'INCLUDE ItemID WHERE Items.GENRE IN ("Noir")');
  await films.putItem('a7', { genre: 'Noir' });
  await films.putItem('brand-new', { genre: 'Noir', title: 'New' });
  const metadataColumns = { ITEMS: ['TITLE'] };
  // Exploration brings the new one, too, now and then.
  await expect
    .poll(() => ask({ campaignArn: campaigns.v2, filterArn, metadataColumns }))
    .toEqual([
      { itemId: 'a7', score: expect.any(Number), metadata: {} },
      { itemId: 'brand-new', reason: ['Popular item'], metadata: { title: 'New' } },
    ]);
  expect(await idsFor({ filterArn })).toEqual(['a7']);
  await films.putItem('a7', filmOf('a7'));
});

test('exploration brings only items that pass', async () => {
  const filterArn = await films.filter('fresh', 'INCLUDE ItemID WHERE Items.GENRE IN ("Fresh comedy", "Comedy")');
  await films.putItem('fresh-comedy', { genre: 'Fresh comedy' });
  await films.putItem('fresh-drama', { genre: 'Fresh drama' });
  const campaignArn = campaigns.exploring;
  await expect.poll(() => idsFor({ campaignArn })).toContain('fresh-drama');
  await expect.poll(() => idsFor({ campaignArn, filterArn })).toContain('fresh-comedy');
  for (let n = 0; n < 50; n++) {
    const ids = await idsFor({ campaignArn, filterArn, userId: `ua${n}` });
    expect(ids).toHaveLength(25);
    expect(ids.filter((id) => id !== 'fresh-comedy' && !has('Comedy')(id))).toEqual([]);
  }
});

test('answers have metadata of items', async () => {
  const list = await ask({ numResults: 50, metadataColumns: { ITEMS: ['TITLE', 'GENRE', 'PRICE'] } });
  expect(list).toHaveLength(50);
  for (const { itemId = '', metadata } of list) {
    const { title, genre, price } = filmOf(itemId);
    expect(metadata).toEqual({ title, genre, price: String(price) });
  }
  await expect(ask({ numResults: 51, metadataColumns: { ITEMS: ['TITLE'] } })).rejects.toEqual(
    refused('InvalidInputException', 'numResults must be less than or equal to 50 where metadataColumns is given.'),
  );
  const ranking = clients(server.url).runtime.getPersonalizedRanking({
    ...{ campaignArn: campaigns.ranking, userId: 'ua1', inputList: ['a1'], metadataColumns: { ITEMS: ['TITLE'] } },
  });
  await expect(ranking).rejects.toEqual(refused('InvalidInputException', /enableMetadataWithRecommendations/));
});

test('a ranking lacks the items that do not pass', async () => {
  const filterArn = await films.filter('no-thrillers', 'EXCLUDE ItemID WHERE Items.GENRE IN ("Thriller")');
  const inputList = ['b3', 'a1', 'unheard of', 'a3', 'b2', 'a1'];
  const asked = { campaignArn: campaigns.ranking, userId: 'ub1', inputList };
  const { runtime } = clients(server.url);
  const { personalizedRanking: all = [] } = await runtime.getPersonalizedRanking(asked);
  const { personalizedRanking: kept = [] } = await runtime.getPersonalizedRanking({ ...asked, filterArn });
  expect(idsOf(kept)).toEqual(idsOf(all).filter((id) => !has('Thriller')(id)));
  expect(kept.at(-1)).toEqual({ itemId: 'unheard of' });
  expect(kept.reduce((sum, { score = 0 }) => sum + score, 0)).toBeCloseTo(1, 5);
});

test('filters of other groups and accounts are refused', async () => {
  const create = steps(clients(server.url));
  const songs = await create.datasetGroup('songs');
  await create.dataset(songs, 'Interactions', 'plays', schemas.interactions);
  const { filterArn = '' } = await clients(server.url).personalize.createFilter({
    name: 'heard',
    datasetGroupArn: songs,
    filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("play")',
  });
  await expect(ask({ filterArn })).rejects.toEqual(refused('InvalidInputException', /use a filter of .*\/films\.$/));
  const theirs = filterArn.replace('000000000000', '210987654321');
  const missing = refused('ResourceNotFoundException', `Resource Arn ${theirs} does not exist.`);
  await expect(ask({ filterArn: theirs })).rejects.toEqual(missing);
  await expect(ask({ promotions: [{ percentPromotedItems: 5, filterArn: theirs }] })).rejects.toEqual(missing);
});

test('no request is answered without the filter while that is deleted', async () => {
  const filterArn = await films.filter('short-lived', 'INCLUDE ItemID WHERE Items.GENRE IN ("Drama")');
  let isDeleted = false;
  let refusals = 0;
  const asker = async () => {
    for (let n = 0; n < 1000 && refusals < 40; n++) {
      const askedAfter = isDeleted;
      try {
        const ids = await idsFor({ filterArn });
        expect(ids.every(has('Drama'))).toBe(true);
        expect(askedAfter).toBe(false);
      } catch (error) {
        expect(error).toEqual(refused('ResourceNotFoundException', /short-lived does not exist/));
        refusals++;
      }
    }
  };
  const askers = Array.from({ length: 8 }, asker);
  await clients(server.url).personalize.deleteFilter({ filterArn });
  isDeleted = true;
  await Promise.all(askers);
  expect(refusals).toBeGreaterThanOrEqual(40);
});
