import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Personalize } from '@aws-sdk/client-personalize';
import type { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/data/database/database.ts';
import { openDuckDb, sqlString } from '../../src/data/engine/duckdb.ts';
import { compactedThrough, datasetFiles } from '../../src/data/manifest.ts';
import { decodeLines } from '../../src/data/records/layout.ts';
import { RecordLog } from '../../src/data/records/record-log.ts';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';

// Processes that append, acknowledge and compact records are killed without warning at random moments. What was
// acknowledged must be there, once. RECORD_KILLS=2000 kills more often, KILL_SEED=7 at other moments.
const kills = Number(process.env.RECORD_KILLS ?? 8);
const random = uniforms(Number(process.env.KILL_SEED ?? 1));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-records-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a writer from record `first` on and kills it after so long; what it has acknowledged. */
async function writeUntilKilled(home: string, first: number, afterMs: number): Promise<number[]> {
  const script = join(import.meta.dirname, '../fixtures/record-writer.ts');
  const child = spawn(process.execPath, [script, home, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: number[] = [];
  const closed = once(child, 'close');
  const begun = Promise.withResolvers<void>();
  createInterface(child.stdout).on('line', (line) => {
    acknowledged.push(Number(line));
    begun.resolve();
  });
  await Promise.race([begun.promise, closed]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await closed;
  return acknowledged;
}

/** The numbers of all records, in files and in the log beyond them. */
async function storedIn(home: string): Promise<{ numbers: number[]; files: number; entries: number }> {
  const opened = await openDatabase({ file: join(home, 'database') });
  try {
    const log = new RecordLog({ ...opened, clock: { now: () => 0 }, log: console });
    const files = await datasetFiles(opened.database, 'arn:dataset');
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(home, 'spilled') });
    const paths = files.map(({ key }) => sqlString(join(home, 'store', key)));
    const rows = paths.length === 0 ? [] : await duckDb.run(`SELECT NUMBER FROM read_parquet([${paths.join(', ')}])`);
    const numbers = rows.map(({ NUMBER }) => Number(NUMBER));
    let entries = 0;
    for await (const page of log.read('arn:dataset', compactedThrough(files), await log.lastPosition())) {
      entries += page.length;
      for (const { body } of page) for (const [number] of decodeLines(body)) numbers.push(Number(number));
    }
    return { numbers, files: files.length, entries };
  } finally {
    await opened.close();
  }
}

test('records that were acknowledged are there once, whenever the process is killed', {
  timeout: 600_000 + kills * 10_000,
}, async () => {
  const home = join(folder, 'writer');
  const acknowledged: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    acknowledged.push(...(await writeUntilKilled(home, kill * 1_000_000, random() * 500)));
  }
  const { numbers, files } = await storedIn(home);
  const stored = new Set(numbers);
  expect(stored.size, 'records that are there twice').toBe(numbers.length);
  expect(acknowledged.filter((number) => !stored.has(number))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(kills);
  expect(files, 'compactions that came to their end').toBeGreaterThan(0);
});

/** How events get a tracker, and how they are put. */
type Kind = {
  open(personalize: Personalize, datasetGroupArn: string): Promise<string>;
  put(events: PersonalizeEvents, trackingId: string, eventId: string): Promise<unknown>;
};

const ofItems: Kind = {
  async open(personalize, datasetGroupArn) {
    await steps({ personalize }).dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
    const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
    await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
    return trackingId;
  },
  put: (events, trackingId, eventId) =>
    events.putEvents({
      trackingId,
      sessionId: 's1',
      userId: 'u1',
      eventList: [{ eventId, eventType: 'watch', itemId: `i-${eventId}`, sentAt: new Date() }],
    }),
};

const ofActions: Kind = {
  async open(personalize, datasetGroupArn) {
    const fields = ['USER_ID', 'ACTION_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' }));
    const schema = {
      ...{ type: 'record', name: 'ActionInteractions', namespace: 'com.amazonaws.personalize.schema', version: '1.0' },
      fields: [...fields, { name: 'TIMESTAMP', type: 'long' }],
    };
    const text = JSON.stringify(schema);
    const arn = await steps({ personalize }).dataset(datasetGroupArn, 'Action_Interactions', 'taken', text);
    return (await personalize.describeDataset({ datasetArn: arn })).dataset?.trackingId ?? '';
  },
  put: (events, trackingId, eventId) => {
    const event = { eventId, userId: 'u1', sessionId: 's1', eventType: 'Taken', timestamp: new Date() };
    return events.putActionInteractions({ trackingId, actionInteractions: [{ ...event, actionId: `a-${eventId}` }] });
  },
};

test.each([
  ['items', ofItems],
  ['actions', ofActions],
])(
  'events of %s that a killed server has acknowledged are there, and those sent again count once',
  async (of, kind) => {
    const home = join(folder, `server-${of}`);
    let server = await startServerProcess({ home });
    const { personalize } = clients(server.url);
    const trackingId = await kind.open(personalize, await steps({ personalize }).datasetGroup('films'));

    const acknowledged: string[] = [];
    const unanswered: string[] = [];
    for (let kill = 0; kill < 3; kill++) {
      const events = eventsClient(server.url);
      let running = true;
      const caller = async (name: string) => {
        for (let n = 0; running; n++) {
          const eventId = `${kill}-${name}-${n}`;
          await sleep(5); // so that the newest thousand, which are shown, are all
          await kind.put(events, trackingId, eventId).then(
            () => acknowledged.push(eventId),
            () => unanswered.push(eventId),
          );
          if (unanswered.includes(eventId)) return;
        }
      };
      const callers = ['a', 'b', 'c', 'd'].map(caller);
      await sleep(200 + random() * 300);
      await server.kill('SIGKILL');
      running = false;
      await Promise.all(callers);
      server = await startServerProcess({ home });
    }
    await using last = server;
    const again = eventsClient(last.url);
    for (const eventId of unanswered) await kind.put(again, trackingId, eventId);

    const answer = await fetch(`${last.url}/admin/events?limit=1000&trackingId=${trackingId}`);
    const { events }: { events: { eventId: string; outcome: string }[] } = JSON.parse(await answer.text());
    const counted = events.filter(({ outcome }) => outcome === 'counted').map(({ eventId }) => eventId);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(counted.toSorted()).toEqual([...acknowledged, ...unanswered].toSorted());
    const repeated = events.filter(({ outcome }) => outcome === 'repeated').map(({ eventId }) => eventId);
    for (const eventId of repeated) expect(unanswered).toContain(eventId);
  },
);
