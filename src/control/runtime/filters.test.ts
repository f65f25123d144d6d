import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Input, Output } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { filteredFilms, schemas } from './filtered-films.fixture.ts';

let bench: Bench;
let films: Awaited<ReturnType<typeof filteredFilms>>;
beforeEach(async () => {
  bench = await openBench();
  films = await filteredFilms(bench);
});
afterEach(() => bench.close());

const idsOf = ({ itemList = [] }: Output<'GetRecommendations'>) => itemList.map(({ itemId }) => itemId);
const recommend = (input: Input<'GetRecommendations'>) => bench.call('GetRecommendations', input);
const rank = (input: Input<'GetPersonalizedRanking'>) => bench.call('GetPersonalizedRanking', input);

/** The ids that are recommended by a filter of this expression. */
async function listed(expression: string, more: Partial<Input<'GetRecommendations'>> = {}) {
  const filterArn = await films.filter(expression);
  const campaignArn = arnFor('campaign/user-personalization');
  return idsOf(await recommend({ campaignArn, userId: 'adult', filterArn, ...more }));
}

describe('a filter of GetRecommendations', () => {
  beforeEach(() => films.campaign('aws-user-personalization'));

  it('decides by what is said of items, users and events, also by what has come this moment', async () => {
    expect(await listed('INCLUDE ItemID WHERE Items.GENRES IN ("Drama")')).toEqual(['a', 'b']);
    expect(await listed('EXCLUDE ItemID WHERE Items.PRICE > 10')).toEqual(['a', 'c']);
    expect(await listed('EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")')).toEqual(['b', 'c']);
    await films.putEvent('adult', 'buy', 'b');
    expect(await listed('EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("BUY")')).toEqual(['c']);
    await films.putItem('c', { genres: 'Comedy' });
    expect(await listed('INCLUDE ItemID WHERE Items.GENRES IN ("Comedy")')).toEqual(['a', 'c']);
    const ofChildren = 'EXCLUDE ItemID WHERE Items.GENRES IN ("Drama") IF CurrentUser.TIER = "child"';
    expect(await listed(ofChildren)).toEqual(['a', 'b', 'c']);
    expect(await listed(ofChildren, { userId: 'child' })).toEqual(['c']);
    expect(await listed(ofChildren, { userId: 'unknown' })).toEqual(['a', 'b', 'c']);
  });

  it('acts before the list is cut, down to an empty one', async () => {
    expect(await listed('INCLUDE ItemID WHERE Items.GENRES IN ("Horror")', { numResults: 1 })).toEqual(['c']);
    expect(await listed('INCLUDE ItemID WHERE Items.GENRES IN ("Western")')).toEqual([]);
  });

  it('takes the values of the request', async () => {
    const filterArn = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ($GENRES) AND Items.PRICE <= $MAX');
    const ask = async (filterValues?: Record<string, string>) => {
      const campaignArn = arnFor('campaign/user-personalization');
      return await recommend({ campaignArn, userId: 'adult', filterArn, filterValues });
    };
    expect(idsOf(await ask({ GENRES: '"Comedy","Drama"', MAX: '"20"', OTHER: 'ignored' }))).toEqual(['a', 'b']);
    expect(idsOf(await ask({ GENRES: 'Drama', MAX: '9.99' }))).toEqual(['a']);
    const unfit = `InvalidInputException: filterValues does not fit filter ${filterArn}. `;
    expect(await refusal(ask())).toBe(`${unfit}The filter needs a value for the parameter GENRES in filterValues.`);
    expect(await refusal(ask({ GENRES: 'Drama', max: '1' }))).toBe(
      `${unfit}The filter needs a value for the parameter MAX in filterValues.`,
    );
    expect(await refusal(ask({ GENRES: 'Drama', MAX: '1,2' }))).toBe(
      `${unfit}The parameter MAX is compared to PRICE, which takes one value, but filterValues has 2.`,
    );
    expect(await refusal(ask({ GENRES: 'Drama', MAX: 'cheap' }))).toBe(
      `${unfit}The parameter MAX is a number, but filterValues has "cheap".`,
    );
    expect(await refusal(ask({ GENRES: '"Drama', MAX: '1' }))).toBe(
      `${unfit}The value of GENRES in filterValues has a quote that is not closed.`,
    );
    const many = Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`P${n}`, '1']));
    expect(await refusal(ask(many))).toMatch(/^InvalidInputException: .*filterValues/);
    expect(await refusal(ask({ GENRES: 'x'.repeat(1001), MAX: '1' }))).toMatch(
      /^InvalidInputException: .*filterValues/,
    );
    expect(await refusal(ask({ ['G'.repeat(51)]: 'x' }))).toMatch(/^InvalidInputException: .*filterValues/);
  });

  it('leaves out an EXCLUDE clause without a value', async () => {
    const expression = 'EXCLUDE ItemID WHERE Items.GENRES IN ($G) | EXCLUDE ItemID WHERE Items.PRICE > 10';
    expect(await listed(expression)).toEqual(['a', 'c']);
    expect(await listed(expression, { filterValues: { G: 'Horror' } })).toEqual(['a']);
  });

  it('takes odd values as they are', async () => {
    const odd = 'say "hi", \\ 🎬';
    await films.putItem('b', { title: odd });
    const filterValues = { T: JSON.stringify(odd) };
    expect(await listed('INCLUDE ItemID WHERE Items.TITLE IN ($T)', { filterValues })).toEqual(['b']);
  });

  it('is gone with its deletion, while others stay', async () => {
    const filterArn = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Drama")', 'dramas');
    const ask = async () =>
      idsOf(await recommend({ campaignArn: arnFor('campaign/user-personalization'), userId: 'adult', filterArn }));
    expect(await ask()).toEqual(['a', 'b']);
    await bench.call('DeleteFilter', { filterArn });
    expect(await refusal(ask())).toBe(`ResourceNotFoundException: Resource Arn ${filterArn} does not exist.`);
    await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Horror")', 'dramas');
    expect(await ask()).toEqual(['c']);
  });

  it('is refused for a campaign of another dataset group', async () => {
    const filterArn = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Drama")');
    const step = steps(bench);
    const songs = await step.group('songs');
    await step.dataset(songs, arnFor('schema/interactions'));
    const campaignArn = await step.campaign(await step.version(await step.solution(songs, 'songs')), 'songs');
    expect(await refusal(recommend({ campaignArn, userId: 'u', filterArn }))).toBe(
      `InvalidInputException: Filter ${filterArn} is of dataset group ${films.group}, and campaign ${campaignArn} of ` +
        `another one; use a filter of ${songs}.`,
    );
    const asOther = { campaignArn: arnFor('campaign/user-personalization'), userId: 'u', filterArn };
    expect(await refusal(bench.call('GetRecommendations', asOther, { account: '210987654321' }))).toMatch(
      /^ResourceNotFoundException/,
    );
  });

  it('reads a column that a later schema adds, as requests for metadata do', async () => {
    await films.campaign('aws-user-personalization-v2');
    const campaignArn = arnFor('campaign/user-personalization-v2');
    const ask = { campaignArn, userId: 'adult', metadataColumns: { ITEMS: ['YEAR'] } };
    expect(await refusal(recommend(ask))).toMatch(/names YEAR, which the Items dataset does not have/);
    expect(await listed('INCLUDE ItemID WHERE Items.PRICE < 10')).toEqual(['a']);
    const schemaArn = await steps(bench).schema('with-year', schemas.itemsWithYear);
    await bench.call('UpdateDataset', { datasetArn: films.items, schemaArn });
    await bench.settled(films.items);
    await films.putItem('b', { year: 1985 });
    expect(await listed('INCLUDE ItemID WHERE Items.YEAR < 1990')).toEqual(['b']);
    const { itemList = [] } = await recommend(ask);
    expect(itemList.map(({ metadata }) => metadata)).toEqual([{}, { year: '1985' }, {}]);
  });
});

describe('what a filter reads, where it cannot be read', () => {
  const unavailable = (what: string) =>
    `ServiceUnavailable: The ${what} of the dataset group are still being read; ask again in a moment.`;

  /** Ranks by a filter, once datasets have files that cannot be read: those of a bench's imports are no Parquet. */
  async function rankedAfterImport(datasets: string[], expression: string) {
    const campaignArn = await films.campaign('aws-personalized-ranking');
    for (const name of datasets) await steps(bench).imported(arnFor(`dataset/films/${name}`), name);
    const filterArn = await films.filter(expression);
    const asked = { campaignArn, userId: 'adult', inputList: ['a'] };
    expect((await rank(asked)).personalizedRanking).toHaveLength(1);
    return await refusal(rank({ ...asked, filterArn }));
  }

  it('fails the request, which is never answered as if there were no filter', async () => {
    const bought = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")';
    expect(await rankedAfterImport(['INTERACTIONS'], bought)).toBe(unavailable('interactions'));
  });

  it('does so for users', async () => {
    const ofUsers = 'EXCLUDE ItemID WHERE Items.PRICE > 1 IF CurrentUser.TIER = "gold"';
    expect(await rankedAfterImport(['USERS'], ofUsers)).toBe(unavailable('users'));
  });

  it('does so for items', async () => {
    expect(await rankedAfterImport(['ITEMS'], 'EXCLUDE ItemID WHERE Items.PRICE > 1')).toBe(unavailable('items'));
  });
});

describe('a filter of related items', () => {
  it('compares to the item of the request, and needs a user for what users did alone', async () => {
    const campaignArn = await films.campaign('aws-sims');
    const alike = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN CurrentItem.GENRES');
    expect(idsOf(await recommend({ campaignArn, itemId: 'b', filterArn: alike }))).toEqual(['a', 'b']);
    expect(idsOf(await recommend({ campaignArn, itemId: 'unknown', filterArn: alike }))).toEqual([]);
    const bought = await films.filter('EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")');
    expect(await refusal(recommend({ campaignArn, itemId: 'b', filterArn: bought }))).toBe(
      `InvalidInputException: Filter ${bought} is about what a user has or did; give the userId in the request.`,
    );
    expect(idsOf(await recommend({ campaignArn, itemId: 'b', userId: 'adult', filterArn: bought }))).toEqual([
      'b',
      'c',
    ]);
    // The session of a visitor stands for a user.
    await bench.call('PutEvents', await visit('session-7', 'c'));
    const visitor = { campaignArn, itemId: 'b', userId: 'session-7', filterArn: bought };
    expect(idsOf(await recommend(visitor))).toEqual(['a', 'b']);
    const popular = await films.campaign('aws-popularity-count');
    expect(idsOf(await recommend({ campaignArn: popular, userId: 'adult', filterArn: bought }))).toEqual(['b', 'c']);
    expect(await refusal(recommend({ campaignArn: popular, filterArn: bought }))).toMatch(/give the userId/);
  });

  async function visit(sessionId: string, itemId: string): Promise<Input<'PutEvents'>> {
    const { eventTrackers = [] } = await bench.call('ListEventTrackers', { datasetGroupArn: films.group });
    const [{ eventTrackerArn = '' } = {}] = eventTrackers;
    const { eventTracker } = await bench.call('DescribeEventTracker', { eventTrackerArn });
    const eventList = [{ eventType: 'buy', itemId, sentAt: 1_700_000_500 }];
    return { trackingId: eventTracker?.trackingId ?? '', sessionId, eventList };
  }
});

describe('a filter of a ranking', () => {
  it('drops items, known to the model or not, and may leave none', async () => {
    const campaignArn = await films.campaign('aws-personalized-ranking');
    await films.putItem('new', { genres: 'Drama' });
    const dramas = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Drama")');
    const inputList = ['c', 'new', 'b', 'unheard of', 'b', 'a'];
    const asked = { campaignArn, userId: 'adult', inputList };
    const { personalizedRanking = [], recommendationId } = await rank({ ...asked, filterArn: dramas });
    expect(personalizedRanking).toEqual([{ itemId: 'new', score: 0.75 }, { itemId: 'b' }, { itemId: 'a' }]);
    expect(recommendationId).toMatch(/^RID-/);
    const cheap = await films.filter('EXCLUDE ItemID WHERE Items.PRICE > 10');
    const kept = (await rank({ ...asked, filterArn: cheap })).personalizedRanking ?? [];
    expect(kept.map(({ itemId }) => itemId)).toEqual(['c', 'new', 'unheard of', 'a']);
    const none = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Western")');
    const before = bench.asked.length;
    expect((await rank({ ...asked, filterArn: none })).personalizedRanking).toEqual([]);
    expect(bench.asked).toHaveLength(before);
    const ofUsers = await films.filter('INCLUDE UserID WHERE Users.TIER IN ("gold")');
    expect(await refusal(rank({ ...asked, filterArn: ofUsers }))).toBe(
      `InvalidInputException: Filter ${ofUsers} is about UserID; GetPersonalizedRanking needs one about ItemID.`,
    );
  });
});

describe('a filter of a promotion', () => {
  const promotion = (filterArn: string, more: object = {}) => [
    { name: 'deal', percentPromotedItems: 60, filterArn, ...more },
  ];
  const promotedOf = ({ itemList = [] }: Output<'GetRecommendations'>) =>
    itemList.filter(({ promotionName }) => promotionName === 'deal').map(({ itemId }) => itemId);

  it('decides promoted items alone, by values of its own, and other items fill up', async () => {
    const campaignArn = await films.campaign('aws-user-personalization');
    const byGenre = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ($G)');
    const ask = (promotionValue: string, value: string) =>
      recommend({
        campaignArn,
        userId: 'adult',
        numResults: 3,
        filterArn: byGenre,
        filterValues: { G: value },
        promotions: promotion(byGenre, { filterValues: { G: promotionValue } }),
      });
    const horror = await ask('Horror', 'Drama');
    expect(promotedOf(horror)).toEqual(['c']);
    expect(idsOf(horror).filter((id) => id !== 'c')).toEqual(['a', 'b']);
    expect(promotedOf(await ask('Drama', 'Comedy'))).toEqual(['a', 'b']);
    expect(idsOf(await ask('Drama', 'Comedy')).toSorted()).toEqual(['a', 'b']);
    expect(promotedOf(await ask('Western', 'Drama'))).toEqual([]);
    expect(idsOf(await ask('Western', 'Drama'))).toEqual(['a', 'b']);
    const none = recommend({ campaignArn, userId: 'adult', promotions: promotion(byGenre) });
    expect(await refusal(none)).toBe(
      `InvalidInputException: promotions.filterValues does not fit filter ${byGenre}. ` +
        'The filter needs a value for the parameter G in filterValues.',
    );
    const unknown = arnFor('filter/none');
    expect(await refusal(recommend({ campaignArn, userId: 'adult', promotions: promotion(unknown) }))).toBe(
      `ResourceNotFoundException: Resource Arn ${unknown} does not exist.`,
    );
  });

  it('fails a request only once its list is made, as that has a mask in use', async () => {
    const campaignArn = await films.campaign('aws-user-personalization');
    const filterArn = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Drama")');
    const unknown = arnFor('filter/none');
    const { promise: made, resolve: make } = Promise.withResolvers<void>();
    const serving = vi.spyOn(bench.parts.serving, 'recommend').mockImplementation(async () => {
      await made;
      return { items: ['a'] };
    });
    let isRefused = false;
    const asked = { campaignArn, userId: 'adult', filterArn, promotions: promotion(unknown) };
    const refused = refusal(recommend(asked)).finally(() => {
      isRefused = true;
    });
    await expect.poll(() => serving.mock.calls.length).toBe(1);
    // By the time that this one is refused, the filter of the promotion has been looked for.
    await refusal(recommend({ campaignArn, userId: 'adult', filterArn: unknown }));
    expect(isRefused).toBe(false);
    make();
    expect(await refused).toBe(`ResourceNotFoundException: Resource Arn ${unknown} does not exist.`);
  });

  it('compares to the item of a request for related items', async () => {
    const campaignArn = await films.campaign('aws-sims');
    const alike = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN CurrentItem.GENRES');
    const answer = await recommend({ campaignArn, itemId: 'c', numResults: 3, promotions: promotion(alike) });
    expect(promotedOf(answer)).toEqual(['c']);
    expect(idsOf(answer).toSorted()).toEqual(['a', 'b', 'c']);
  });
});

describe('the second version of a recipe', () => {
  it('fills what a narrow filter leaves with items that have no score', async () => {
    const campaignArn = await films.campaign('aws-user-personalization-v2');
    await films.putItem('new', { genres: 'Horror' });
    const filterArn = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Horror", "Comedy")');
    const { itemList } = await recommend({ campaignArn, userId: 'adult', filterArn });
    expect(itemList).toEqual([
      { itemId: 'a', score: 0.1234568 },
      { itemId: 'c', reason: ['Popular item'] },
      { itemId: 'new', reason: ['Popular item'] },
    ]);
    expect(idsOf(await recommend({ campaignArn, userId: 'adult', filterArn, numResults: 2 }))).toEqual(['a', 'c']);
    expect(idsOf(await recommend({ campaignArn, userId: 'adult' }))).toEqual(['a', 'b', 'c']);
  });

  it('promotes items that have come after the training, behind those that the model knows', async () => {
    const campaignArn = await films.campaign('aws-user-personalization-v2');
    await films.putItem('new', { genres: 'Horror' });
    const filterArn = await films.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Horror")');
    const promotions = [{ name: 'deal', percentPromotedItems: 100, filterArn }];
    const { itemList } = await recommend({ campaignArn, userId: 'adult', numResults: 2, promotions });
    const promoted = { promotionName: 'deal', reason: ['Promoted item'] };
    expect(itemList).toEqual([
      { itemId: 'c', ...promoted },
      { itemId: 'new', ...promoted },
    ]);
  });
});
