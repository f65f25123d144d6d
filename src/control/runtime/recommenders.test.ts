import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input, Output } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { domainSteps } from '../deployments/recommender.fixture.ts';

let bench: Bench;
let group: string;
let trackingId: string;
const step = domainSteps(() => bench);
const shop = domainSteps(() => bench, 'ECOMMERCE');

beforeEach(async () => {
  bench = await openBench({ quotas: { recommendersPerDatasetGroup: 9 } });
});
afterEach(() => bench.close());

async function withEvents(of: typeof step): Promise<void> {
  group = await of.group();
  await of.interactions(group);
  // What a bench imports is no Parquet.
  const { database } = bench.parts;
  await database.deleteFrom('dataset_files').execute();
  const { trackingId: id = '', eventTrackerArn = '' } = await bench.call('CreateEventTracker', {
    name: 'web',
    datasetGroupArn: group,
  });
  await bench.settled(eventTrackerArn);
  trackingId = id;
}

let sentAt = 1_700_000_000;
const put = (userId: string, eventType: string, itemId: string) =>
  bench.call('PutEvents', {
    trackingId,
    userId,
    sessionId: userId,
    eventList: [{ eventType, itemId, sentAt: sentAt++, properties: '{"device":"tv"}' }],
  });

const ask = (input: Input<'GetRecommendations'>) => bench.call('GetRecommendations', input);
const idsOf = ({ itemList = [] }: Output<'GetRecommendations'>) => itemList.map(({ itemId }) => itemId);
const listed = async (recommenderArn: string, more: Omit<Input<'GetRecommendations'>, 'recommenderArn'> = {}) =>
  idsOf(await ask({ recommenderArn, userId: 'u1', itemId: 'z', ...more }));

describe('a recommender for videos', () => {
  beforeEach(() => withEvents(step));

  it('leaves out what the user has watched, from the acknowledgement of the event on', async () => {
    const recommenderArn = await step.created(group);
    expect(await listed(recommenderArn)).toEqual(['a', 'b', 'c']);
    await put('u1', 'WATCH', 'a');
    expect(await listed(recommenderArn)).toEqual(['b', 'c']);
    expect(await listed(recommenderArn, { numResults: 1 })).toEqual(['b']);
    await put('u1', 'Click', 'b');
    await put('u2', 'Watch', 'c');
    expect(await listed(recommenderArn)).toEqual(['b', 'c']);
    expect(await listed(recommenderArn, { userId: 'nobody' })).toEqual(['a', 'b', 'c']);
    for (const item of ['b', 'c']) await put('u1', 'watch', item);
    expect(await listed(recommenderArn)).toEqual([]);
  });

  it.each(['aws-vod-because-you-watched-x', 'aws-vod-more-like-x'])('does so beside an item: %s', async (recipe) => {
    await step.items(group);
    const recommenderArn = await step.created(group, recipe);
    await put('u1', 'Watch', 'b');
    expect(await listed(recommenderArn)).toEqual(['a', 'c']);
  });

  it.each(['aws-vod-most-popular', 'aws-vod-trending-now'])('leaves nothing out of %s', async (recipe) => {
    const recommenderArn = await step.created(group, recipe);
    await put('u1', 'Watch', 'b');
    expect(await listed(recommenderArn)).toEqual(['a', 'b', 'c']);
  });

  it('applies the filters of the request and of its promotion besides', async () => {
    const recommenderArn = await step.created(group);
    const filterArn = arnFor('filter/clicked');
    const filterExpression = 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($TYPES)';
    await bench.call('CreateFilter', { name: 'clicked', datasetGroupArn: group, filterExpression });
    const clicked = { filterArn, filterValues: { TYPES: '"click"' } };
    for (const item of ['a', 'b']) await put('u1', 'Click', item);
    await put('u1', 'Watch', 'a');
    expect(await listed(recommenderArn, clicked)).toEqual(['b']);
    expect(await refusal(listed(recommenderArn, { filterArn }))).toContain('filterValues does not fit filter');
    const watched = { filterArn, filterValues: { TYPES: '"watch"' } };
    expect(await listed(recommenderArn, watched)).toEqual([]);
    const promotion = { name: 'again', percentPromotedItems: 100, ...watched };
    const { itemList } = await ask({ recommenderArn, userId: 'u1', numResults: 1, promotions: [promotion] });
    expect(itemList).toEqual([{ itemId: 'b' }]);
    const unfiltered = { name: 'any', percentPromotedItems: 100 };
    const promoted = await ask({ recommenderArn, userId: 'u1', numResults: 3, promotions: [unfiltered] });
    expect(promoted.itemList).toEqual(['b', 'c'].map((itemId) => ({ itemId, promotionName: 'any' })));
  });

  it('has no scores, and metadata where its config says so', async () => {
    const items = await step.items(group);
    const recommenderConfig = { enableMetadataWithRecommendations: true };
    const recommenderArn = await step.created(group, undefined, { recommenderConfig });
    await bench.call('PutItems', {
      datasetArn: items,
      items: [{ itemId: 'b', properties: '{"genres":"Drama","creationTimestamp":1}' }],
    });
    const { itemList } = await ask({ recommenderArn, userId: 'u1', metadataColumns: { ITEMS: ['GENRES'] } });
    expect(itemList).toEqual([
      { itemId: 'a', metadata: {} },
      { itemId: 'b', metadata: { genres: 'Drama' } },
      { itemId: 'c', metadata: {} },
    ]);
    const plain = await step.created(group, 'aws-vod-most-popular', { name: 'plain' });
    expect(await refusal(listed(plain, { metadataColumns: { ITEMS: ['GENRES'] } }))).toBe(
      `InvalidInputException: Recommender ${plain} gives no metadata of items; update it with a recommenderConfig that has enableMetadataWithRecommendations.`,
    );
  });

  it('is never answered as if there were no automatic filter', async () => {
    const recommenderArn = await step.created(group);
    expect(await listed(recommenderArn)).toHaveLength(3);
    await steps(bench).imported(arnFor('dataset/videos/INTERACTIONS'), 'unreadable');
    const restarted = await openBench({ home: bench.home, database: { ...bench.parts, close: async () => {} } });
    try {
      const asked = restarted.call('GetRecommendations', { recommenderArn, userId: 'u1' });
      expect(await refusal(asked)).toBe(
        'ServiceUnavailable: The interactions of the dataset group are still being read; ask again in a moment.',
      );
    } finally {
      await restarted.close();
    }
  });

  it('answers without what was watched once the interactions are deleted', async () => {
    const recommenderArn = await step.created(group);
    await put('u1', 'Watch', 'a');
    const trackers = await bench.call('ListEventTrackers', { datasetGroupArn: group });
    for (const { eventTrackerArn = '' } of trackers.eventTrackers ?? []) {
      await bench.call('DeleteEventTracker', { eventTrackerArn });
    }
    await bench.call('DeleteDataset', { datasetArn: arnFor('dataset/videos/INTERACTIONS') });
    expect(await listed(recommenderArn)).toEqual(['a', 'b', 'c']);
  });

  it('answers no request while it is stopped, and holds no events then', async () => {
    const recommenderArn = await step.created(group);
    await put('u1', 'Watch', 'a');
    const held = () => bench.control.views().find(({ view }) => view === 'events-by-type')?.bytes ?? 0;
    expect(await listed(recommenderArn)).toEqual(['b', 'c']);
    const bytes = held();
    await bench.call('StopRecommender', { recommenderArn });
    expect(await bench.settled(recommenderArn)).toBe('INACTIVE');
    expect(await refusal(listed(recommenderArn))).toBe(
      `InvalidInputException: Recommender ${recommenderArn} is in status INACTIVE; it must be ACTIVE.`,
    );
    await expect.poll(held).toBeLessThan(bytes);
    await bench.call('StartRecommender', { recommenderArn });
    expect(await bench.settled(recommenderArn)).toBe('ACTIVE');
    expect(await listed(recommenderArn)).toEqual(['b', 'c']);
    await bench.call('DeleteRecommender', { recommenderArn });
    expect(await refusal(listed(recommenderArn))).toBe(
      `ResourceNotFoundException: Resource Arn ${recommenderArn} does not exist.`,
    );
  });

  it('reads events ahead of requests', async () => {
    await step.created(group);
    await expect.poll(() => bench.control.views().some(({ view }) => view === 'events-by-type')).toBe(true);
  });

  it('takes a context where the use case personalises', async () => {
    const picks = await step.created(group);
    const popular = await step.created(group, 'aws-vod-most-popular', { name: 'popular' });
    await listed(picks, { context: { DEVICE: 'tv' } });
    await listed(popular, { context: { DEVICE: 'tv' } });
    expect(bench.asked).toMatchObject([{ context: { DEVICE: 'tv' } }, { context: undefined }]);
  });

  it('says what its automatic filter did, and not whose model it is', async () => {
    const recommenderArn = await step.created(group);
    await put('u1', 'Watch', 'a');
    const explained = await bench.call('Explain', { recommenderArn, userId: 'u1' });
    expect(explained).toMatchObject({
      recommenderArn,
      automaticFilter: {
        text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Watch")',
        state: 'in force',
        matches: 1,
        removed: 1,
        left: 2,
      },
      items: [{ itemId: 'b' }, { itemId: 'c' }],
    });
    expect(explained.campaignArn ?? explained.solutionVersionArn).toBeUndefined();
    expect(explained.summary).toContain(
      'The automatic filter of the use case is EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("Watch"): 1 item of the model meets it, and it removes 1.',
    );
  });
});

describe('a recommender for products', () => {
  beforeEach(() => withEvents(shop));

  it.each(['aws-ecomm-recommended-for-you', 'aws-ecomm-customers-who-viewed-x-also-viewed'])(
    'leaves out what the user has purchased: %s',
    async (recipe) => {
      const recommenderArn = await shop.created(group, recipe);
      await put('u1', 'View', 'a');
      await put('u1', 'purchase', 'b');
      expect(await listed(recommenderArn)).toEqual(['a', 'c']);
    },
  );

  it.each([
    ['aws-ecomm-popular-items-by-views', 'userId'],
    ['aws-ecomm-popular-items-by-purchases', 'userId'],
    ['aws-ecomm-frequently-bought-together', 'itemId'],
    ['aws-ecomm-customers-who-viewed-x-also-viewed', 'userId itemId'],
    ['aws-ecomm-recommended-for-you', 'userId'],
  ])('wants the ids of its use case: %s, %s', async (recipe, required) => {
    const recommenderArn = await shop.created(group, recipe);
    const given = { userId: 'u1', itemId: 'a' };
    expect(idsOf(await ask({ recommenderArn, ...given }))).not.toEqual([]);
    for (const id of ['userId', 'itemId'] as const) {
      const asked = ask({ recommenderArn, ...given, [id]: undefined });
      if (!required.includes(id)) expect(idsOf(await asked)).toHaveLength(3);
      else expect(await refusal(asked)).toBe(`InvalidInputException: ${id} is required for recipe ${recipe}.`);
    }
  });

  it('is asked by its own member, and alone', async () => {
    const recommenderArn = await shop.created(group, 'aws-ecomm-recommended-for-you');
    const solutionVersionArn = await steps(bench).version(await steps(bench).solution(group));
    const campaignArn = await steps(bench).campaign(solutionVersionArn);
    const userId = 'u1';
    const one = 'InvalidInputException: Exactly one of campaignArn and recommenderArn must be given.';
    expect(await refusal(ask({ userId }))).toBe(one);
    expect(await refusal(ask({ userId, campaignArn, recommenderArn }))).toBe(one);
    expect(await refusal(ask({ userId, campaignArn: recommenderArn }))).toBe(
      'InvalidInputException: campaignArn names a recommender; give it as recommenderArn.',
    );
    expect(await refusal(ask({ userId, recommenderArn: campaignArn }))).toBe(
      'InvalidInputException: recommenderArn names a campaign; give it as campaignArn.',
    );
    await put('u1', 'Purchase', 'a');
    expect(idsOf(await ask({ userId, recommenderArn }))).toEqual(['b', 'c']);
    const byCampaign = await ask({ userId, campaignArn });
    expect(idsOf(byCampaign)).toEqual(['a', 'b', 'c']);
    expect(byCampaign.itemList?.[0]?.score).toBeDefined();
    const inputList = ['a'];
    expect(
      await refusal(bench.call('GetPersonalizedRanking', { campaignArn: recommenderArn, userId, inputList })),
    ).toMatch(/^InvalidInputException: GetPersonalizedRanking does not apply to recommender /);
    const elsewhere = bench.call('GetRecommendations', { recommenderArn, userId }, { account: '210987654321' });
    expect(await refusal(elsewhere)).toMatch(/^ResourceNotFoundException/);
  });
});
