import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject } from '../support/two-tastes.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'EVENT_TYPE', type: 'string' },
    { name: 'DEVICE', type: ['null', 'string'], categorical: true },
    { name: 'NOTE', type: ['null', 'string'] },
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
});

/**
 * People look at and buy `tv-…` items on a TV and `phone-…` ones on a phone; of each, `-buy…` are bought and `-view…`
 * looked at.
 */
function shoppers(): string {
  const lines = ['USER_ID,ITEM_ID,EVENT_TYPE,DEVICE,NOTE,TIMESTAMP'];
  let state = 7;
  // A linear congruential generator (Park and Miller, 1988) will do to scatter choices.
  const below = (limit: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((limit * state) / 2_147_483_647);
  };
  for (let user = 0; user < 100; user++) {
    for (let event = 0; event < 16; event++) {
      const [device, type] = [below(2) === 0 ? 'tv' : 'phone', below(2) === 0 ? 'buy' : 'view'];
      lines.push(
        `u${user},${device}-${type}${below(8)},${type},${device},n${event},${1_700_000_000 + user * 9000 + event * 60}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

test('what is recommended fits the device of the request and the events that count', async () => {
  const { personalize, runtime } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('shop');
  const dataset = await create.dataset(datasetGroupArn, 'Interactions', 'events', schema);
  const location = await putObject(server.buckets, 'shop', 'events.csv', shoppers());
  expect((await create.importJob(await create.startImport(dataset, 'events', location)))?.status).toBe('ACTIVE');

  const eventsConfig = {
    eventParametersList: [
      { eventType: 'buy', weight: 1 },
      { eventType: 'view', weight: 0 },
    ],
  };
  const solutionArn = await create.solution(datasetGroupArn, 'buyers', 'aws-user-personalization-v2', { eventsConfig });
  expect((await personalize.describeSolution({ solutionArn })).solution?.solutionConfig).toMatchObject({
    eventsConfig,
  });
  const solutionVersionArn = await create.startVersion(solutionArn);
  expect(await create.version(solutionVersionArn)).toMatchObject({
    status: 'ACTIVE',
    solutionConfig: { eventsConfig },
  });
  const { metrics = {} } = await personalize.getSolutionMetrics({ solutionVersionArn });
  for (const k of [5, 10, 25]) {
    expect(metrics).toHaveProperty(`normalized_discounted_cumulative_gain_with_event_weights_at_${k}`);
  }

  const campaignArn = await create.campaign('buyers', solutionVersionArn);
  const shareOf = async (prefix: string, context?: Record<string, string>) => {
    const { itemList = [] } = await runtime.getRecommendations({ campaignArn, userId: 'u1', numResults: 8, context });
    return itemList.filter(({ itemId }) => itemId?.startsWith(prefix)).length / 8;
  };
  expect(await shareOf('tv-buy', { DEVICE: 'tv' })).toBeGreaterThanOrEqual(0.75);
  expect(await shareOf('phone-buy', { device: 'phone', WEATHER: 'rain' })).toBeGreaterThanOrEqual(0.75);
  // Without a context, and where nobody knows the device, either may be.
  expect((await shareOf('tv-buy')) + (await shareOf('phone-buy'))).toBeGreaterThanOrEqual(0.75);
  expect(await shareOf('tv-buy', { DEVICE: 'watch' })).toBe(await shareOf('tv-buy'));
});
