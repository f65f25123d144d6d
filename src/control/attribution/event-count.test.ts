import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Input } from '../../contract/operations.ts';
import { arnFor, type Bench, openBench, steps } from '../control.fixture.ts';
import { attribute, counted, shop, totals } from './attribution.fixture.ts';

type Event = Partial<Input<'PutEvents'>['eventList'][number]>;

let bench: Bench;
let trackingId: string;
let group: string;
let items: string;
beforeEach(async () => {
  bench = await openBench();
  ({ group, trackingId, items } = await shop(bench));
});
afterEach(() => bench.close());

/** The beginning of the window that is going on. */
const windowNow = () => Math.floor(bench.parts.clock.now() / 900_000) * 900;
const put = (events: readonly Event[], userId = 'u1') =>
  bench.call('PutEvents', {
    ...{ trackingId, userId, sessionId: 's' },
    eventList: events.map((event) => ({ eventType: 'click', itemId: 'i', sentAt: windowNow() + 1, ...event })),
  });
const from = (eventAttributionSource: string) => ({ metricAttribution: { eventAttributionSource } });
const putPrice = (itemId: string, price: number) =>
  bench.call('PutItems', {
    datasetArn: items,
    items: [{ itemId, properties: JSON.stringify({ genres: 'x', price }) }],
  });

it('counts what comes after its creation, by metric, source and window, ignoring the case of types', async () => {
  await put([{ eventType: 'CLICK' }]);
  await attribute(bench, group);
  const window = windowNow();
  await putPrice('i', 2.5);
  await put([
    { eventId: 'a', eventType: 'CLICK', ...from('email') },
    { eventId: 'b', eventType: 'click', ...from('email') },
    { eventId: 'c', eventType: 'click', sentAt: window - 1 },
    { eventId: 'd', eventType: 'view' },
    { eventId: 'e', eventType: 'Purchase', properties: '{"quantity":3}', ...from('email') },
    { eventId: 'f', eventType: 'purchase', itemId: 'of no price' },
  ]);
  await expect
    .poll(() => counted(bench))
    .toEqual({
      [`1 email ${window}`]: 2,
      [`1 undefined ${window - 900}`]: 1,
      [`2 email ${window}`]: 3,
      [`3 email ${window}`]: 2.5,
      [`2 undefined ${window}`]: 0,
      [`3 undefined ${window}`]: 0,
    });
});

it('counts an event once that is sent again, also after a restart, and one of the future as it comes', async () => {
  await attribute(bench, group);
  const named = { eventId: 'e', sentAt: windowNow() + 5 };
  const unnamed = { sentAt: windowNow() + 7, itemId: 'j' };
  await put([named, named, unnamed, { ...unnamed, sentAt: windowNow() + 8 }]);
  await put([{ eventId: 'future', sentAt: windowNow() + 9000 }], 'u2');
  await expect.poll(() => totals(bench)).toEqual({ '1 undefined': 4 });
  await bench.control.stop();
  const again = await openBench({ home: bench.home, database: { ...(await opened()), close: async () => {} } });
  const eventList = [named, unnamed, { eventId: 'new' }].map((event) => ({
    ...{ eventType: 'click', itemId: 'i', sentAt: windowNow() },
    ...event,
  }));
  await again.call('PutEvents', { trackingId, sessionId: 's', userId: 'u1', eventList });
  await expect.poll(() => totals(again)).toEqual({ '1 undefined': 5 });
  expect(Object.keys(await counted(again))).toEqual([`1 undefined ${windowNow()}`]);
  await again.control.stop();
});

it('attributes answers to the campaign that gave them, which no other group’s can be', async () => {
  const step = steps(bench);
  const dataset = arnFor('dataset/shop/INTERACTIONS');
  await step.imported(dataset);
  const campaign = await step.campaign(await step.version(await step.solution(group, 'likes')), 'front-page');
  const other = await step.group('other');
  await step.imported(await step.dataset(other, arnFor('schema/valued')), 'second');
  const foreign = await step.campaign(await step.version(await step.solution(other, 'theirs')), 'theirs');
  await attribute(bench, group);
  const idOf = async (campaignArn: string) => {
    const { recommendationId = '' } = await bench.call('GetRecommendations', { campaignArn, userId: 'u1' });
    return recommendationId;
  };
  const id = await idOf(campaign);
  await put([
    { eventId: 'a', recommendationId: id },
    { eventId: 'b', recommendationId: id, ...from('email') },
    { eventId: 'c', recommendationId: await idOf(foreign) },
    { eventId: 'd', recommendationId: 'RID-made-up' },
  ]);
  const expected = { [`1 ${campaign}`]: 1, '1 email': 1, '1 undefined': 2 };
  await expect.poll(() => totals(bench)).toEqual(expected);
  await bench.call('DeleteCampaign', { campaignArn: campaign });
  await put([{ eventId: 'later', recommendationId: id }]);
  await expect.poll(() => totals(bench)).toEqual({ ...expected, [`1 ${campaign}`]: 2 });
});

it('takes the price that an item has when the event comes', async () => {
  await attribute(bench, group);
  await putPrice('i', 1);
  await put([{ eventId: 'a', eventType: 'purchase', ...from('x') }]);
  await putPrice('i', 10);
  await put([{ eventId: 'b', eventType: 'purchase', ...from('x') }]);
  await expect.poll(async () => (await totals(bench))['3 x']).toBe(11);
  await putPrice('i', 100);
  await put([{ eventId: 'c', eventType: 'purchase', ...from('x') }]);
  await expect.poll(async () => (await totals(bench))['3 x']).toBe(111);
});

it('tells a hundred sources apart, and counts further ones as without a source', async () => {
  await bench.close();
  bench = await openBench({ quotas: { attributionSources: 3 } });
  ({ group, trackingId } = await shop(bench));
  await attribute(bench, group);
  await put(['a', 'b', 'c', 'd', 'e'].map((name) => ({ eventId: name, ...from(name) })));
  await put([{ eventId: 'again', ...from('a') }]);
  await expect.poll(() => totals(bench)).toEqual({ '1 a': 2, '1 b': 1, '1 c': 1, '1 undefined': 2 });
});

it('counts a metric from when it was added, and shares counts between nodes', async () => {
  await attribute(bench, group);
  const other = await openBench({ home: bench.home, database: { ...(await opened()), close: async () => {} } });
  await put([{ eventId: 'a' }]);
  const views = { eventType: 'click', metricName: 'views', expression: 'SAMPLECOUNT()' };
  const metricAttributionArn = arnFor('metric-attribution/shop');
  await bench.call('UpdateMetricAttribution', { metricAttributionArn, addMetrics: [views] });
  await put([{ eventId: 'b' }]);
  await expect.poll(() => totals(bench)).toEqual({ '1 undefined': 2, '4 undefined': 1 });
  await bench.call('UpdateMetricAttribution', { metricAttributionArn, removeMetrics: ['clicks'] });
  expect(await totals(other)).toEqual({ '4 undefined': 1 });
  await other.control.stop();
});

const opened = async () => ({ database: bench.parts.database, dialect: bench.parts.dialect });
