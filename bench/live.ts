import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { putEventsCalls } from './events/tracker.ts';
import { holdApart } from './live/memory.ts';
import { quantile } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { loadFromAnotherProcess } from './serving/load-process.ts';
import { type Catalogue, deployCatalogue, userIdOf } from './serving/prepared-home.ts';
import { startServerProcess } from './serving/server-process.ts';

const full: Catalogue = { items: 27_000, users: 10_000, interactions: 300_000 };
const small: Catalogue = { items: 27_000, users: 2_000, interactions: 60_000 };
const eventsPerCall = 10;
const eventsPerSecond = 20_000;
const readsPerSecond = 100;
/**
 * The writers stand for other machines: they take hardly more of the processor than the server and the caller that
 * measures leave.
 */
const writersNiceness = 19;

/**
 * Live histories: what they hold in memory; how soon an answer shows an event; and how answers keep their pace while
 * events are written, with a server in its own process and loads from others on the same machine, the writers' with a
 * lower priority. Budgets: 1 GiB for 1,000,000 users with 30 events each; p99 within 20 ms right after the
 * acknowledgement; under 20,000 events/s, p99 within 2 times of that without.
 */
export async function benchLive({ quick }: BenchOptions): Promise<BenchResult[]> {
  return [...(await memory(quick ? 50_000 : 1_000_000)), ...(await answers(quick))];
}

async function memory(users: number): Promise<BenchResult[]> {
  const eventsAUser = 30;
  const held = await holdApart({ users, eventsAUser });
  const detail = `${users.toLocaleString('en')} users in two sessions each, ${eventsAUser} events a user`;
  const mebibytes = (bytes: number) => ({ value: bytes / 2 ** 20, unit: 'MiB' });
  return [
    { name: 'live: memory of histories', ...mebibytes(held.bytes), limit: 1024, detail },
    { name: 'live: growth of the process meanwhile, text of the events included', ...mebibytes(held.residentBytes) },
    { name: 'live: an event taken in', value: held.microsecondsAnEvent, unit: 'µs', detail },
    { name: 'live: a history found', value: held.microsecondsAHistory, unit: 'µs', detail },
  ];
}

const underWrites = (share: string) =>
  `live: the same under ${eventsPerSecond.toLocaleString('en')} events/s, ${share}`;

async function answers(quick: boolean): Promise<BenchResult[]> {
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  const server = await startServerProcess(['--home', home]);
  const { url } = server;
  try {
    const catalogue = quick ? small : full;
    const seconds = quick ? 3 : 15;
    const { personal: campaignArn } = await deployCatalogue(url, home, catalogue);
    await withoutExploration(url, campaignArn);
    const trackingId = await trackerOf(url);
    const shown = await rightAfter({ url, campaignArn, trackingId }, quick ? 200 : 2000);
    const reads = Array.from({ length: 1000 }, (_, n) => ({
      path: '/recommendations',
      input: { campaignArn, userId: userIdOf((n * 7919) % catalogue.users), numResults: 25 },
    }));
    const read = (during: number) =>
      loadFromAnotherProcess({
        url,
        requests: reads,
        seconds: during,
        load: { perSecond: readsPerSecond, connections: 16 },
      });
    const idle = await read(seconds);
    const writing = loadFromAnotherProcess(
      {
        url,
        requests: putEventsCalls(trackingId, eventsPerCall, 20_000),
        seconds: 2 * seconds,
        load: { perSecond: eventsPerSecond / eventsPerCall, connections: 64 },
      },
      writersNiceness,
    );
    await sleep(seconds * 400); // the writers' own warm-up
    const [busy, written] = [await read(seconds), await writing];
    return [
      {
        name: 'live: recommendation right after the acknowledgement of an event, p99',
        value: quantile(shown, 0.99),
        unit: 'ms',
        limit: 20,
        detail: `${shown.length} events of new users, each shown by the next answer; one caller, client included`,
      },
      { name: 'live: the same, p50', value: quantile(shown, 0.5), unit: 'ms' },
      { name: `live: ${readsPerSecond} recommendations/s, p99`, value: idle.p99, unit: 'ms' },
      {
        name: underWrites('p99'),
        value: busy.p99,
        unit: 'ms',
        ratio: busy.p99 / idle.p99,
        limit: 2,
        detail: `beside that without; ${written.requests} calls of PutEvents, from a process of lower priority`,
      },
      { name: underWrites('p50'), value: busy.p50, unit: 'ms', ratio: busy.p50 / idle.p50 },
      {
        name: 'live: events taken meanwhile',
        value: (written.requests * eventsPerCall) / written.seconds,
        unit: 'events/s',
        least: 0.99 * eventsPerSecond,
        detail: `of ${eventsPerSecond.toLocaleString('en')} a second that were sent`,
      },
    ];
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

const settingsFor = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});

/** Makes an answer differ from another by what the user has done alone. */
async function withoutExploration(url: string, campaignArn: string): Promise<void> {
  const personalize = new Personalize(settingsFor(url));
  const campaignConfig = { itemExplorationConfig: { explorationWeight: '0' } };
  await personalize.updateCampaign({ campaignArn, campaignConfig });
  const status = async () => (await personalize.describeCampaign({ campaignArn })).campaign?.latestCampaignUpdate;
  while ((await status())?.status !== 'ACTIVE') await sleep(20);
}

/** An event tracker for the only dataset group. */
async function trackerOf(url: string): Promise<string> {
  const personalize = new Personalize(settingsFor(url));
  const { datasetGroups: [group] = [] } = await personalize.listDatasetGroups({});
  const created = await personalize.createEventTracker({ name: 'live', datasetGroupArn: group?.datasetGroupArn });
  const { eventTrackerArn, trackingId = '' } = created;
  const status = async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker?.status;
  while ((await status()) !== 'ACTIVE') await sleep(20);
  return trackingId;
}

/**
 * Milliseconds of answers to new users, each asked for when the user's first event has been acknowledged. @throws if
 * one does not show it
 */
async function rightAfter(
  { url, campaignArn, trackingId }: { readonly url: string; readonly campaignArn: string; readonly trackingId: string },
  users: number,
): Promise<number[]> {
  const [events, runtime] = [new PersonalizeEvents(settingsFor(url)), new PersonalizeRuntime(settingsFor(url))];
  const ask = async (userId: string) => {
    const { itemList = [] } = await runtime.getRecommendations({ campaignArn, userId, numResults: 25 });
    return itemList.map(({ score }) => score).join();
  };
  const withoutEvents = await ask('somebody new');
  const times: number[] = [];
  for (let n = 0; n < users; n++) {
    const userId = `visitor-${n}`;
    const eventList = [{ eventType: 'watch', itemId: `item-${n % 1000}`, sentAt: new Date() }];
    await events.putEvents({ trackingId, userId, sessionId: userId, eventList });
    const asked = performance.now();
    const answer = await ask(userId);
    times.push(performance.now() - asked);
    if (answer === withoutEvents) throw new Error(`The answer to ${userId} does not show the event.`);
  }
  return times;
}
