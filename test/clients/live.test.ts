import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { startPostgres } from '../support/postgres.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// Answers follow what people do, from the acknowledgement on: on one server, over its sudden death, and on a second
// one.

const options = ['--quota', 'campaignsPerDatasetGroup=6'];
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ options });
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** A dataset group with the interactions of people of two tastes, and a tracker. */
async function prepared({ url, buckets }: Pick<ServerProcess, 'url' | 'buckets'>) {
  const { personalize } = clients(url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const location = await putObject(buckets, 'films', 'interactions.csv', twoTastes({ usersATaste: 30 }));
  expect((await create.importJob(await create.startImport(datasetArn, 'films', location)))?.status).toBe('ACTIVE');
  const { eventTrackerArn, trackingId } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  return {
    trackingId,
    async deployed(recipe: string): Promise<string> {
      const name = recipe.replace('aws-', '');
      const versionArn = await create.startVersion(await create.solution(datasetGroupArn, name, recipe));
      const version = await create.version(versionArn);
      expect(version?.status, version?.failureReason).toBe('ACTIVE');
      return await create.campaign(name, versionArn);
    },
  };
}

type Who = { readonly userId?: string; readonly sessionId: string };

/** Sends one event an item, a minute apart. */
async function watch(url: string, trackingId: string | undefined, who: Who, items: readonly string[]): Promise<void> {
  const events = items.map((itemId, n) => ({
    itemId,
    eventType: 'watch',
    sentAt: new Date(Date.now() - 60_000 * (items.length - n)),
  }));
  for (let begin = 0; begin < events.length; begin += 10) {
    await eventsClient(url).putEvents({ trackingId, ...who, eventList: events.slice(begin, begin + 10) });
  }
}

const taste = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `${letter}${from + n}`);

async function recommended(url: string, campaignArn: string, userId: string): Promise<string[]> {
  const { itemList = [] } = await clients(url).runtime.getRecommendations({
    campaignArn,
    userId,
    itemId: 'a1',
    numResults: 10,
  });
  return itemList.map(({ itemId = '' }) => itemId);
}

/** How many of the first ten are of a taste. */
const ofTaste = (items: readonly string[], letter: string) =>
  items.slice(0, 10).filter((item) => item.startsWith(letter)).length;

const inputList = [...taste('a', 0, 10), ...taste('b', 0, 10)];
async function ranked(url: string, campaignArn: string, userId: string): Promise<string[]> {
  const { personalizedRanking = [] } = await clients(url).runtime.getPersonalizedRanking({
    campaignArn,
    userId,
    inputList,
  });
  return personalizedRanking.map(({ itemId = '' }) => itemId);
}

/** Exploration shows some of the others. */
const most = 6;

test('answers follow events, sessions and new users, and no others change', async () => {
  const { trackingId, deployed } = await prepared(server);
  const rankings = [await deployed('aws-personalized-ranking'), await deployed('aws-personalized-ranking-v2')];
  const asking = [
    ...rankings.map((campaign) => [campaign, ranked] as const),
    [await deployed('aws-user-personalization'), recommended] as const,
    [await deployed('aws-user-personalization-v2'), recommended] as const,
  ];
  const others = [await deployed('aws-sims'), await deployed('aws-popularity-count')];
  const { url } = server;
  const unchanged = await Promise.all(others.map((campaign) => recommended(url, campaign, 'ua3')));
  const tell = (who: Who, items: readonly string[]) => watch(url, trackingId, who, items);

  /** For each campaign, how much of a user's answer is of a taste. */
  const shares = (userId: string, letter: string) =>
    Promise.all(asking.map(async ([campaign, ask]) => ofTaste(await ask(url, campaign, userId), letter)));
  const answers = (at: string, id: string) => Promise.all(rankings.map((campaign) => ranked(at, campaign, id)));
  const herself = await answers(url, 'ub7');
  await tell({ userId: 'a visitor', sessionId: 'ub7' }, taste('a', 10, 16));
  expect(await answers(url, 'ub7')).toEqual(herself);
  const untold = { ua3: await shares('ua3', 'b'), ub5: await shares('ub5', 'a') };
  await tell({ userId: 'ua3', sessionId: 's1' }, taste('b', 0, 40));
  await tell({ userId: 'nobody knows me', sessionId: 's2' }, taste('b', 10, 16));
  await tell({ sessionId: 'a visit' }, taste('a', 10, 16));
  for (const [place, share] of (await shares('ua3', 'b')).entries()) {
    expect(share).toBeGreaterThan(untold.ua3[place] ?? 10);
  }
  for (const share of await shares('nobody knows me', 'b')) expect(share).toBeGreaterThanOrEqual(most);
  for (const share of await shares('a visit', 'a')) expect(share).toBeGreaterThanOrEqual(most);
  await tell({ userId: 'ub5', sessionId: 'a visit' }, taste('a', 0, 40));
  for (const id of ['ub5', 'a visit']) {
    for (const [place, share] of (await shares(id, 'a')).entries()) {
      expect(share).toBeGreaterThan(untold.ub5[place] ?? 10);
    }
  }
  const before = await answers(url, 'ub5');
  expect(await answers(url, 'a visit')).toEqual(before);
  expect(await Promise.all(others.map((campaign) => recommended(url, campaign, 'ua3')))).toEqual(unchanged);

  await ranked(url, rankings[0] ?? '', 'a visit');
  const { lastAnswer } = JSON.parse(await (await fetch(`${url}/admin/events?userId=ub5`)).text());
  // Of 46 events one was on an item that nobody had before.
  expect(lastAnswer).toMatchObject({ campaignArn: rankings[0], kept: 20, recent: 45 });
  expect(Date.now() / 1000 - lastAnswer.newestEventAt).toBeGreaterThan(60);
  const program = runOpenPersonalize(['events', '--endpoint', url, '--user', 'a visit']);
  await once(program.process, 'close');
  expect(program.output()).toMatch(/from 20 interactions that arn:\S+ was trained on and 45 events since/);

  await server.kill('SIGKILL');
  await using again = await startServerProcess({ home: server.home, options });
  expect(await answers(again.url, 'ub5')).toEqual(before);
});

test('a second server on the same PostgreSQL follows', async (context) => {
  const postgres = await startPostgres();
  if (!postgres) return context.skip("PostgreSQL's programs are missing");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => postgres.stop());
  const database = await postgres.freshDatabase();
  const one = opened.use(await startServerProcess({ options: ['--database', database] }));
  const places = ['--database', database, '--store', join(one.home, 'store')];
  const other = opened.use(await startServerProcess({ options: places }));
  const { trackingId, deployed } = await prepared(one);
  const campaign = await deployed('aws-personalized-ranking');
  await ranked(other.url, campaign, 'ua7');
  for (const [here, there, userId] of [
    [one, other, 'first'],
    [other, one, 'second'],
  ] as const) {
    const popular = await ranked(there.url, campaign, userId);
    expect(ofTaste(popular, 'b')).toBeLessThan(8);
    await watch(here.url, trackingId, { userId, sessionId: userId }, taste('b', 10, 16));
    const answer = await ranked(here.url, campaign, userId);
    expect(ofTaste(answer, 'b')).toBeGreaterThanOrEqual(8);
    await expect.poll(() => ranked(there.url, campaign, userId)).toEqual(answer);
  }
});
