import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { parseDatasetSchema } from '../../dataset-schema.ts';
import { openDuckDb } from '../../engine/duckdb.ts';
import { personOf } from '../../identity.ts';
import { openStore } from '../../objects/open-store.ts';
import { compactRecords } from '../../records/compaction.ts';
import { EventRecords } from '../../records/event-records.ts';
import { latestEvents } from '../../records/latest-events.ts';
import { decodeLines } from '../../records/layout.ts';
import { type LogEntry, RecordLog } from '../../records/record-log.ts';
import { streamedEventsQuery } from '../../records/streamed-events.ts';
import { fillFromFiles } from './fill.ts';
import { LiveHistories, type RecentEvents } from './live-histories.ts';

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const schemaOf = (...fields: object[]) =>
  parseDatasetSchema(
    JSON.stringify({
      type: 'record',
      name: 'Interactions',
      namespace: 'com.amazonaws.personalize.schema',
      version: '1.0',
      fields: [...[field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')], ...fields],
    }),
  ).schema;
const schemas = [
  schemaOf(
    ...[field('EVENT_TYPE', 'string'), field('EVENT_VALUE', 'float', 'null'), field('MINUTES', 'int', 'null')],
    ...[field('SESSION_ID', 'string'), field('NOTE', 'string', 'null'), field('SKU', 'long', 'null')],
    ...[field('PRICE', 'double', 'null'), field('IMPRESSION', 'string')],
  ),
  schemaOf(field('SESSION', 'null', 'string')),
];

const datasetArn = 'arn:aws:personalize:us-east-1:000000000000:dataset/films/INTERACTIONS';
const firstSeconds = 1_700_000_000;
const { signal } = new AbortController();
/** Ids of users, of sessions, and of both. */
const ids = ['1', '2', '3', '4'] as const;

const call = fc.record(
  {
    trackingId: fc.constant('t'),
    sessionId: fc.constantFrom('2', '3', '4', 's'),
    userId: fc.constantFrom('1', '2', '3'),
    eventList: fc.array(
      fc.record(
        {
          eventId: fc.constantFrom('e0', 'e1'),
          itemId: fc.constantFrom('a', 'b'),
          // Some clocks are fast.
          sentAt: fc.integer({ min: firstSeconds - 3, max: firstSeconds + 40 }),
          eventType: fc.constantFrom('watch', 'buy'),
          eventValue: fc.constantFrom(0.1, 3),
          impression: fc.constantFrom<string[]>(['a'], ['a', 'b']),
          properties: fc.constantFrom('{"minutes":7}', '{"note":"x"}', '{"sku":9007199254740993}', '{"price":1e3}'),
        },
        { requiredKeys: ['sentAt', 'eventType'] },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { requiredKeys: ['trackingId', 'sessionId', 'eventList'] },
);

type Event = { readonly item: string; readonly time: number };
const inOrder = (events: readonly Event[]) => events.map(({ item, time }) => `${item} ${time}`).toSorted();
const eventsOf = ({ items = [], timestamps }: Partial<RecentEvents> = {}): Event[] =>
  items.map((item, n) => ({ item, time: timestamps?.[n] ?? Number.NaN }));

it('live histories, training and inspection agree about who a person is and which events count', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agreement-'));
  const store = await openStore({ folder: join(folder, 'store') });
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...schemas),
        fc.array(call, { maxLength: 20 }),
        ...([fc.nat(20), fc.nat(20)] as const),
        async (schema, calls, one, other) => {
          const place = join(folder, `${runs++}`);
          const opened = await openDatabase({ file: join(place, 'database') });
          const log = new RecordLog({ ...opened, clock: { now: () => firstSeconds * 1000 }, log: console });
          const notified: LogEntry[] = [];
          log.subscribe({ notified: (entry) => notified.push(entry), gap() {} });
          const records = new EventRecords(schema);
          const layout = await log.layouts.idOf(records.layout);
          /** The position of the log after the first so many calls. */
          const positions = [0];
          for (const [n, each] of calls.entries()) {
            const body = records.encode(each, (firstSeconds + 2 * n) * 1000);
            await log.append({ datasetArn, layout, records: each.eventList.length, body });
            positions.push(await log.lastPosition());
          }
          const [cut = 0, read = 0] = [Math.min(one, other), Math.max(one, other)].map(
            (count) => positions[Math.min(count, calls.length)],
          );
          const last = positions.at(-1) ?? 0;
          const fileOf = async (after: number, through: number) => {
            const targetPrefix = `${runs}/${after}/`;
            const made = await compactRecords({
              log,
              store,
              datasetArn,
              after,
              through,
              absorbed: [],
              targetPrefix,
              signal,
              workFolder: join(place, `work ${after}`),
            });
            const keys = (made?.files ?? []).map(({ key }) => key);
            return await Promise.all(keys.map(async (key) => ({ path: (await store.localFile(key)).path, through })));
          };
          const [seen, later, rest] = [await fileOf(0, cut), await fileOf(cut, read), await fileOf(read, last)];

          const fields = schema.fields.filter(({ name }) => ['EVENT_TYPE', 'MINUTES', 'SKU', 'PRICE'].includes(name));
          const live = new LiveHistories({ schema, fields, limit: 500, after: cut });
          const temporaryFolder = join(place, 'spilled');
          await fillFromFiles(live, { files: [...seen, ...later], sessionsSince: 0, temporaryFolder, signal });
          const places = live.indexesIn(records.layout.map(({ name }) => name));
          for (const { position, body } of notified.filter((entry) => entry.position > read)) {
            for (const values of decodeLines(body)) live.add(values, places, position);
          }

          const trained = await byUser(schema, seen, temporaryFolder);
          const all = [...seen, ...later, ...rest];
          const counted = await byUser(schema, all, temporaryFolder);
          for (const id of [...ids, 's']) {
            const person = personOf(live.find(id, { after: cut, events: [] }), trained.has(id));
            const userId = person?.userId ?? id;
            const found = eventsOf(person?.recent);
            const isAnonymous = person !== undefined && !counted.users.has(userId);
            expect(userId === id || !counted.users.has(id)).toBe(true);
            const known = isAnonymous ? [] : (trained.events.get(userId) ?? []);
            const expected = isAnonymous ? counted.anonymous.get(id) : counted.events.get(userId);
            expect(inOrder([...known, ...found])).toEqual(inOrder(expected ?? []));

            const inspected = await latestEvents({
              files: all.map(({ path }) => path),
              schema,
              userId: id,
              limit: 1000,
              temporaryFolder,
              signal,
              isUserOfModel: async () => trained.has(id),
            });
            expect(inspected.userId).toBe(userId);
            if (!counted.users.has(id)) continue;
            const inspectedItems = inspected.events.filter(({ outcome }) => outcome === 'counted');
            expect(inspected.events.every(({ countsFor }) => countsFor === id)).toBe(true);
            expect(inspectedItems.map(({ itemId }) => itemId).toSorted()).toEqual(
              (counted.events.get(id) ?? []).map(({ item }) => item).toSorted(),
            );
          }
          await log.stop();
          await opened.close();
        },
      ),
      { numRuns: 6 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** What the training's query says of each user, and of each session without one. */
async function byUser(
  schema: (typeof schemas)[number],
  files: readonly { readonly path: string }[],
  temporaryFolder: string,
) {
  const users = new Set<string>();
  const [events, anonymous] = [new Map<string, Event[]>(), new Map<string, Event[]>()];
  const found = { users, events, anonymous, has: (id: string) => events.has(id) };
  if (files.length === 0) return found;
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder });
  const rows = await duckDb.run(
    `SELECT "$user", USER_ID, "$SESSION_ID", "$outcome", ITEM_ID, least(TIMESTAMP, "$RECEIVED_AT" // 1000)::DOUBLE AS time
     FROM (${streamedEventsQuery(
       files.map(({ path }) => path),
       schema,
     )})`,
  );
  for (const row of rows) {
    if (row.USER_ID !== null) users.add(String(row.USER_ID));
    const isCounted = row.$outcome === 'counted';
    if (!isCounted && row.$outcome !== 'anonymous') continue;
    const lists = isCounted ? events : anonymous;
    const owner = String(isCounted ? row.$user : row.$SESSION_ID);
    lists.set(owner, [...(lists.get(owner) ?? []), { item: String(row.ITEM_ID), time: Number(row.time) }]);
  }
  return found;
}
