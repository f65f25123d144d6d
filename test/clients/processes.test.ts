import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/data/database/database.ts';
import { active, clients, steps } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { isAlive, runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// A server of two processes is one server: it hands out connections in turn, and each request here has its own. So of
// two requests that follow one another, each process answers one.

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));
const limit = { perSecond: 50, requests: 300 };
const options = ['--processes', '2', '--rate-limit', `ListSchemas=${limit.perSecond}`];

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ options });
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** Clients that open a connection for each request. */
function connecting(url: string) {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    requestHandler: { httpAgent: { keepAlive: false } },
  };
  return {
    personalize: new Personalize(settings),
    runtime: new PersonalizeRuntime(settings),
    events: new PersonalizeEvents(settings),
  };
}

/** A campaign for people of two tastes, and a tracker. */
async function prepared(
  { url, buckets }: Pick<ServerProcess, 'url' | 'buckets'>,
  name: string,
  recipe = 'aws-personalized-ranking',
) {
  const { personalize } = clients(url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup(name);
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', name, schemas.interactions);
  const location = await putObject(buckets, 'films', 'interactions.csv', twoTastes({ usersATaste: 30 }));
  expect((await create.importJob(await create.startImport(datasetArn, name, location)))?.status).toBe('ACTIVE');
  const { eventTrackerArn, trackingId } = await personalize.createEventTracker({ name, datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  const versionArn = await create.startVersion(await create.solution(datasetGroupArn, name, recipe));
  expect((await create.version(versionArn))?.status).toBe('ACTIVE');
  return { trackingId, eventTrackerArn, campaignArn: await create.campaign(name, versionArn) };
}

const inputList = ['a', 'b'].flatMap((taste) => Array.from({ length: 10 }, (_, item) => `${taste}${item}`));

const eventsOf = (items: readonly string[]) =>
  items.map((itemId, n) => ({
    itemId,
    eventType: 'watch',
    sentAt: new Date(Date.now() - 60_000 * (items.length - n)),
  }));

describe.skipIf(environment === undefined)('a server of two processes', () => {
  test('takes boto3 the way of the getting-started guide', async () => {
    const location = await putObject(server.buckets, 'films', 'interactions.csv', twoTastes());
    const schemaFile = join(server.home, 'schema.json');
    await writeFile(schemaFile, schemas.interactions);
    const script = join(import.meta.dirname, 'getting_started.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, location, schemaFile]);
    expect(stdout).toBe('done\n');
  });
});

test('what one process has acknowledged, the other one knows', async () => {
  const { trackingId, eventTrackerArn, campaignArn } = await prepared(server, 'seen');
  const { personalize, runtime, events } = connecting(server.url);
  const ranked = async (userId: string) => {
    const { personalizedRanking = [] } = await runtime.getPersonalizedRanking({ campaignArn, userId, inputList });
    return personalizedRanking.map(({ itemId = '' }) => itemId.slice(0, 1));
  };
  const all = (taste: string) => Array.from({ length: 10 }, () => taste);
  for (let round = 0; round < 10; round++) {
    const taste = round % 2 === 0 ? 'a' : 'b';
    const userId = `visitor ${round}`;
    const eventList = eventsOf(inputList.filter((item) => item.startsWith(taste)));
    await events.putEvents({ trackingId, userId, sessionId: `s${round}`, eventList });
    const answers = [await ranked(userId), await ranked(userId)];
    expect(answers.map((answer) => answer.slice(0, 10))).toEqual([all(taste), all(taste)]);
  }
  const put = () => events.putEvents({ trackingId, sessionId: 's', eventList: eventsOf(['a1']) });
  await put();
  await put();
  await personalize.deleteEventTracker({ eventTrackerArn });
  await expect(put()).rejects.toThrow(/not that of an event tracker/);
  await expect(put()).rejects.toThrow(/not that of an event tracker/);
});

test('an event tells what the other process has shown a moment ago', async () => {
  const { trackingId, campaignArn } = await prepared(server, 'shown', 'aws-user-personalization');
  const { runtime, events } = connecting(server.url);
  for (let round = 0; round < 4; round++) {
    const { recommendationId, itemList = [] } = await runtime.getRecommendations({ campaignArn, userId: `ua${round}` });
    const shown = itemList.map(({ itemId }) => itemId).join('|');
    const eventList = eventsOf(['a1']).map((event) => ({ ...event, recommendationId }));
    await events.putEvents({ trackingId, userId: 'one who was shown', sessionId: 's', eventList });
    const file = join(server.home, `copy-${round}.db`);
    await snapshot(file);
    expect(await recordedIn(file)).toContain(shown);
  }
});

test('limits and measurements are of the server, not of a process', async () => {
  const { personalize } = connecting(server.url);
  const measured = async () => {
    const text = await (await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } })).text();
    return Number(/^openpersonalize_requests_total\{.*ListRecipes.*Success.*\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const before = await measured();
  for (let request = 0; request < 6; request++) await personalize.listRecipes({});
  expect([await measured(), await measured()]).toEqual([before + 6, before + 6]);

  const began = performance.now();
  const answers = await Promise.allSettled(Array.from({ length: limit.requests }, () => personalize.listSchemas({})));
  const seconds = (performance.now() - began) / 1000;
  const passed = answers.filter(({ status }) => status === 'fulfilled').length;
  expect(passed).toBeGreaterThan(0);
  expect(passed).toBeLessThanOrEqual(limit.perSecond * (1 + seconds));
});

test('backup and doctor find the server', async () => {
  for (const verb of [['backup', join(server.home, 'backup')], ['doctor']]) {
    const program = runOpenPersonalize([...verb, '--home', server.home]);
    const [code] = await once(program.process, 'close');
    expect(code, program.output() + program.errors()).toBe(0);
  }
});

test('a process that dies takes no acknowledged event with it, and requests go on', async () => {
  const { trackingId, campaignArn } = await prepared(server, 'killed');
  const { runtime, events } = connecting(server.url);
  const acknowledged: string[] = [];
  let isOver = false;
  const write = async (writer: number) => {
    for (let n = 0; !isOver; n++) {
      const sessionId = `session-${writer}-${n}-end`;
      const put = events.putEvents({ trackingId, sessionId, eventList: eventsOf(['a1']) });
      await put.then(
        () => acknowledged.push(sessionId),
        () => {},
      );
    }
  };
  const writing = Promise.all([0, 1, 2, 3].map(write));
  for (let kill = 0; kill < 3; kill++) {
    const count = acknowledged.length;
    await expect.poll(() => acknowledged.length).toBeGreaterThan(count + 20);
    const [first = 0, second = 0] = await server.children();
    process.kill(kill % 2 === 0 ? first : second, 'SIGKILL');
    await expect
      .poll(async () => (await server.children()).filter((pid) => ![first, second].includes(pid)).length)
      .toBe(1);
    await runtime.getPersonalizedRanking({ campaignArn, userId: 'ua1', inputList }).catch(() => {});
  }
  const count = acknowledged.length;
  await expect.poll(() => acknowledged.length).toBeGreaterThan(count + 20);
  isOver = true;
  await writing;
  await expect
    .poll(async () => {
      const asked = [1, 2].map(() => runtime.getPersonalizedRanking({ campaignArn, userId: 'ua1', inputList }));
      return (await Promise.allSettled(asked)).map(({ status }) => status);
    })
    .toEqual(['fulfilled', 'fulfilled']);
  const file = join(server.home, 'after.db');
  await snapshot(file);
  const recorded = await recordedIn(file);
  expect(acknowledged.filter((sessionId) => !recorded.includes(sessionId))).toEqual([]);
});

test('a request whose process dies before it takes it is not left without an end', async () => {
  const other = await startServerProcess({ home: join(server.home, 'stopped'), options });
  const processes = await other.children();
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
  const asked = [1, 2].map(() => fetch(`${other.url}/healthz`, { headers: { connection: 'close' } }));
  const settled = Promise.allSettled(asked);
  await setTimeout(500);
  for (const pid of processes) process.kill(pid, 'SIGKILL');
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect.poll(async () => await fetch(`${other.url}/healthz`).catch(() => {})).toMatchObject({ status: 200 });
  expect(await other.stop()).toBe(0);
});

test('its processes end with it, also when it is killed', async () => {
  const other = await startServerProcess({ home: join(server.home, 'other'), options });
  const processes = await other.children();
  expect(processes).toHaveLength(2);
  await other.kill('SIGKILL');
  await expect(fetch(`${other.url}/healthz`)).rejects.toThrow();
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  const again = await startServerProcess({ home: other.home, options });
  const ending = await again.children();
  expect(await again.stop()).toBe(0);
  expect(ending.filter(isAlive)).toEqual([]);
});

/** What the server's database holds now. */
async function snapshot(file: string): Promise<void> {
  const { token } = JSON.parse(await readFile(join(server.home, 'openpersonalize-server.json'), 'utf8'));
  const answer = await fetch(`${server.url}/admin/snapshot`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
}

/** All records that came one by one. */
async function recordedIn(file: string): Promise<string> {
  const { database, close } = await openDatabase({ file });
  try {
    const rows = await database.selectFrom('record_log').select('body').execute();
    return rows.map(({ body }) => body).join('');
  } finally {
    await close();
  }
}
