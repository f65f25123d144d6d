import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lookInto } from '../support/home.ts';
import { active, clients, eventsClient, gone, steps } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';
import { smallDisk } from '../support/small-disk.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';
import { writeLargeCsv } from './large-csv.ts';

test('an import that fills the disk fails with the reason, and the old data stays', async (context) => {
  await using disk = await smallDisk(12);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  const buckets = await mkdtemp(join(tmpdir(), 'openpersonalize-buckets-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(buckets, { recursive: true }));
  const home = join(disk.path, 'home');
  await using server = await startServerProcess({ home, options: ['--buckets', buckets] });
  const { personalize, runtime } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'w', schemas.interactions);
  const old = twoTastes();
  const location = await putObject(buckets, 'films', 'small.csv', old);
  expect(await create.importJob(await create.startImport(datasetArn, 'small', location))).toMatchObject({
    status: 'ACTIVE',
  });

  await writeLargeCsv(join(buckets, 'films/large.csv'), 3_000_000);
  const failed = await create.importJob(await create.startImport(datasetArn, 'large', 's3://films/large.csv'));
  expect(failed?.status).toBe('CREATE FAILED');
  expect(failed?.failureReason).toMatch(/disk|space/i);

  const version = await create.startVersion(await create.solution(datasetGroupArn, 'popular', 'aws-popularity-count'));
  expect((await create.version(version))?.status).toBe('ACTIVE');
  const campaignArn = await create.campaign('popular', version);
  expect((await runtime.getRecommendations({ campaignArn })).itemList).toHaveLength(25);

  expect(await server.stop()).toBe(0);
  const left = await lookInto(home);
  expect(left.rows.get(datasetArn)).toBe(old.trimEnd().split('\n').length - 1);
  expect(left.strayFiles).toEqual([]);
});

test('events for which there is no space are refused as unavailable, and taken when there is, without a loss', async (context) => {
  await using disk = await smallDisk(12);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  await using server = await startServerProcess({ home: join(disk.path, 'home') });
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  await create.dataset(datasetGroupArn, 'Interactions', 'w', schemas.interactions);
  const { eventTrackerArn, trackingId } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);

  const events = eventsClient(server.url);
  const acknowledged: string[] = [];
  /** Sends events until one is refused or there are so many; the refusal. */
  const putMany = async (name: string, count: number) => {
    for (let n = 0; n < count; n++) {
      const eventList = [{ eventId: `${name}-${n}`, eventType: 'watch', itemId: 'i'.repeat(256), sentAt: new Date() }];
      try {
        await events.putEvents({ trackingId, sessionId: 's'.repeat(256), userId: 'u'.repeat(256), eventList });
        acknowledged.push(`${name}-${n}`);
      } catch (error) {
        return error;
      }
    }
    return undefined;
  };
  expect(await putMany('before', 5)).toBeUndefined();
  const ballast = join(disk.path, 'ballast');
  const { bavail, bsize } = await statfs(disk.path);
  await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 64 * 1024)));
  const refused = await putMany('full', 5000);
  expect(refused).toMatchObject({
    name: 'ServiceUnavailable',
    message: expect.stringContaining('There is no space left on the disk of the database.'),
    $metadata: { httpStatusCode: 503 },
  });
  await rm(ballast);
  expect(await putMany('after', 5)).toBeUndefined();

  const answer = await fetch(`${server.url}/admin/events?limit=1000`);
  const told: { events: { eventId: string }[] } = JSON.parse(await answer.text());
  expect(told.events.map(({ eventId }) => eventId).toReversed()).toEqual(acknowledged);
});

test('a full disk is named by every operation that needs room, after a restart too, and deletions make some', async (context) => {
  await using disk = await smallDisk(48);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  const buckets = await mkdtemp(join(tmpdir(), 'openpersonalize-buckets-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(buckets, { recursive: true }));
  const home = join(disk.path, 'home');
  const start = async () => cleanUp.use(await startServerProcess({ home, options: ['--buckets', buckets] }));
  const first = await start();
  const create = steps(clients(first.url));

  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'w', schemas.interactions);
  const small = await putObject(buckets, 'films', 'small.csv', twoTastes());
  await create.importJob(await create.startImport(datasetArn, 'small', small));
  const version = await create.startVersion(await create.solution(datasetGroupArn, 'popular', 'aws-popularity-count'));
  await create.version(version);
  const campaignArn = await create.campaign('popular', version);
  const { trackingId } = await clients(first.url).personalize.createEventTracker({ name: 'web', datasetGroupArn });
  const itemsArn = await create.dataset(await create.datasetGroup('old'), 'Items', 'i', schemas.items);
  const items = Array.from({ length: 300_000 }, () => `${randomBytes(48).toString('base64url')},Comedy`);
  const large = await putObject(buckets, 'films', 'items.csv', `ITEM_ID,GENRE\n${items.join('\n')}\n`);
  expect((await create.importJob(await create.startImport(itemsArn, 'large', large)))?.failureReason).toBeUndefined();

  await fill(disk.path);
  await first.kill('SIGKILL');
  const server = await start();
  const { personalize, runtime } = clients(server.url);
  const event = { eventType: 'watch', itemId: 'a1', sentAt: new Date() };
  const putEvent = () =>
    eventsClient(server.url).putEvents({ trackingId, sessionId: 's', userId: 'u', eventList: [event] });
  // The database has some room within its own files.
  await untilRefused(putEvent);
  const tag = { resourceArn: datasetGroupArn, tags: [{ tagKey: 'k', tagValue: 'v' }] };
  const needRoom = {
    putEvents: putEvent,
    createSchema: () => personalize.createSchema({ name: 'another', schema: schemas.items }),
    createDatasetGroup: () => personalize.createDatasetGroup({ name: 'another' }),
    createSolutionVersion: () => personalize.createSolutionVersion({ solutionArn: version.replace(/\/[^/]+$/, '') }),
    tagResource: () => personalize.tagResource(tag),
  };
  for (const [name, operation] of Object.entries(needRoom)) {
    await expect(operation(), name).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      message: expect.stringMatching(/no space left on the disk/),
      $metadata: { httpStatusCode: 503 },
    });
  }
  expect((await runtime.getRecommendations({ campaignArn })).itemList).toHaveLength(25);
  expect((await personalize.listDatasets({ datasetGroupArn })).datasets).toHaveLength(1);

  await personalize.deleteDataset({ datasetArn: itemsArn });
  await gone(() => personalize.describeDataset({ datasetArn: itemsArn }));
  // Its files are removed right after it.
  await untilDone(() => personalize.createSchema({ name: 'another', schema: schemas.items }));
  await putEvent();
  expect(server.log()).toContain('The disk is full: the space that is reserved for deletions is given up.');
});

test('a disk that events have filled is usable again once they are deleted', async (context) => {
  await using disk = await smallDisk(24);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  await using server = await startServerProcess({ home: join(disk.path, 'home') });
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'w', schemas.interactions);
  const { trackingId, eventTrackerArn } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  const impression = Array.from({ length: 25 }, (_, n) => `${n}`.padEnd(250, 'x'));
  const event = { eventType: 'watch', itemId: 'a1', sentAt: new Date(), impression };
  const eventList = Array.from({ length: 10 }, () => event);
  await untilRefused(() => eventsClient(server.url).putEvents({ trackingId, sessionId: 's', userId: 'u', eventList }));
  await personalize.deleteEventTracker({ eventTrackerArn });
  await personalize.deleteDataset({ datasetArn });
  await untilDone(() => personalize.createSchema({ name: 'another', schema: schemas.items }));
});

/** Writes a file until there is no space left. */
async function fill(folder: string): Promise<void> {
  await using file = await open(join(folder, 'filler'), 'w');
  const isFull = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  for (const size of [2 ** 20, 2 ** 12]) {
    for (let full = false; !full; ) {
      await file.write(Buffer.alloc(size)).catch((error: unknown) => {
        full = isFull(error);
        if (!full) throw error;
      });
    }
  }
}

async function untilRefused(call: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < 10_000; n++) {
    const refused = await call().then(
      () => false,
      () => true,
    );
    if (refused) return;
  }
  throw new Error('It is never refused.');
}

/** Repeats a call while there is no space for it. */
async function untilDone(call: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const refusal = await call().catch((error: unknown) => error);
    if (!(refusal instanceof Error)) return;
    if (refusal.name !== 'ServiceUnavailable') throw refusal;
    await sleep(50);
  }
}
