import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { parseDatasetSchema } from '../../dataset-schema.ts';
import { openDuckDb } from '../../engine/duckdb.ts';
import { openStore } from '../../objects/open-store.ts';
import { EventRecords } from '../../records/event-records.ts';
import { type PinRequest, pinDataset } from '../../records/pinned-dataset.ts';
import { RecordLog } from '../../records/record-log.ts';
import { attributedEventsQuery } from '../../records/streamed-events.ts';
import { FollowedView } from '../followed-view.ts';
import { HistoryView } from './history-view.ts';

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const { schema } = parseDatasetSchema(
  JSON.stringify({
    type: 'record',
    name: 'Interactions',
    namespace: 'com.amazonaws.personalize.schema',
    version: '1.0',
    fields: [
      ...[field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')],
      ...[field('EVENT_TYPE', 'string'), field('EVENT_VALUE', 'float', 'null'), field('MINUTES', 'int', 'null')],
    ],
  }),
);
const datasetArn = 'arn:aws:personalize:us-east-1:000000000000:dataset/films/INTERACTIONS';
const trackingId = 't';
const receivedAt = 1_700_000_000_000;
const { signal } = new AbortController();

/** Each session has one user, who is not always named, or none. */
const owners = { s0: 'u0', s1: 'u0', s2: 'u1', s3: '' } as const;

const call = fc
  .record({
    session: fc.constantFrom('s0', 's1', 's2', 's3'),
    isNamed: fc.boolean(),
    events: fc.array(
      fc.record({
        number: fc.option(fc.nat(3)),
        itemId: fc.constantFrom('a', 'b', 'c', undefined),
        sentAt: fc.integer({ min: 1_699_999_990, max: 1_700_000_000 }),
        eventType: fc.constantFrom('watch', 'buy'),
        eventValue: fc.constantFrom(0.1, 3, undefined),
        properties: fc.constantFrom('{"minutes":7}', '{}'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ session, isNamed, events }) => ({
    trackingId,
    sessionId: session,
    ...(isNamed && owners[session] !== '' && { userId: owners[session] }),
    // Clients make the ids of events out of their session's.
    eventList: events.map(({ number, ...event }) => ({
      ...event,
      ...(number !== null && { eventId: `${session} ${number}` }),
    })),
  }));

it('counts for whom, and as often, as a training does, whatever comes before, while and after it is read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'live-'));
  const records = new EventRecords(schema);
  const store = await openStore({ folder: join(folder, 'store') });
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 25 }), fc.nat(25), fc.nat(25), async (calls, one, other) => {
        const place = join(folder, `${runs++}`);
        const opened = await openDatabase({ file: join(place, 'database') });
        const log = new RecordLog({ ...opened, clock: { now: () => receivedAt }, log: console });
        const layout = await log.layouts.idOf(records.layout);
        const put = async (from: number, to: number) => {
          for (const each of calls.slice(from, to)) {
            const body = records.encode(each, receivedAt);
            await log.append({ datasetArn, layout, records: each.eventList.length, body });
          }
        };
        const source = { ...opened, store, records: log, signal };
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        await put(0, first);
        const fields = [{ name: 'MINUTES', type: 'int' }] as const;
        const opening = FollowedView.open({
          ...source,
          view: new HistoryView({ datasetArn, schema, fields, limit: 500, after: 0, sessionsSince: 0 }),
          sources: [{ arn: datasetArn, rows: 'streamed' }],
          workFolder: join(place, 'work'),
          onGap() {},
        });
        await put(first, second);
        using followed = await opening;
        await put(second, calls.length);
        for (const user of ['u0', 'u1']) {
          const {
            items = [],
            timestamps = [],
            columns = new Map<string, readonly string[]>(),
          } = followed.view.histories.find(user, { after: 0, events: [] }).user?.recent ?? {};
          const found = items.map((item, n) =>
            [item, timestamps[n], columns.get('EVENT_TYPE')?.[n], columns.get('MINUTES')?.[n]].join(' '),
          );
          expect(found.toSorted()).toEqual((await trained(source, join(place, user), user)).toSorted());
        }
        await log.stop();
        await opened.close();
      }),
      { numRuns: 6 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A user's events as a training has them. */
async function trained(
  source: Pick<PinRequest, 'database' | 'store' | 'records' | 'signal'>,
  folder: string,
  user: string,
): Promise<string[]> {
  const pinned = await pinDataset({ ...source, datasetArn, rows: 'streamed', folder });
  const files = pinned.files.map(({ path }) => path);
  if (files.length === 0) return [];
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const rows = await duckDb.run(
    `SELECT concat_ws(' ', ITEM_ID, TIMESTAMP, EVENT_TYPE, coalesce(MINUTES::VARCHAR, '')) AS text
     FROM (${attributedEventsQuery(files, schema)}) WHERE USER_ID = '${user}'`,
  );
  return rows.map(({ text }) => String(text));
}
