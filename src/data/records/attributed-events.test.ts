import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../engine/duckdb.ts';
import { writeAttributedEvents } from './attributed-events.ts';

const field = (name: string, type: 'string' | 'long') => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});
const schema = {
  fields: [
    field('USER_ID', 'string'),
    field('ITEM_ID', 'string'),
    field('EVENT_TYPE', 'string'),
    field('TIMESTAMP', 'long'),
  ],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counted-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Sent = {
  readonly itemId: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly userId?: string | null;
  readonly sessionId?: string;
  readonly eventId?: string;
};

/** What trains of these events, of which each came in a file of its own. */
async function counted(events: readonly Sent[], fields = schema.fields) {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const files: string[] = [];
  const literal = (value: string | null | undefined) => (value ? sqlString(value) : 'NULL::VARCHAR');
  for (const [n, { itemId, sentAt, receivedAt, userId = 'u', sessionId = 's', eventId }] of events.entries()) {
    const path = join(folder, `${n}.parquet`);
    await duckDb.run(
      `COPY (SELECT ${literal(userId)} AS USER_ID, '${itemId}' AS ITEM_ID, 'click' AS EVENT_TYPE, ${sentAt}::BIGINT AS TIMESTAMP,
         '${sessionId}' AS "$SESSION_ID", ${literal(eventId)} AS "$EVENT_ID", ${receivedAt}::BIGINT AS "$RECEIVED_AT") TO ${sqlString(path)} (FORMAT parquet)`,
    );
    files.push(path);
  }
  const target = join(folder, 'counted.parquet');
  await writeAttributedEvents({
    files,
    schema: { fields },
    type: 'INTERACTIONS',
    target,
    signal: new AbortController().signal,
  });
  const rows = await duckDb.run(`SELECT ITEM_ID, TIMESTAMP FROM read_parquet(${sqlString(target)})`);
  return rows.map(({ ITEM_ID, TIMESTAMP }) => [ITEM_ID, Number(TIMESTAMP)]);
}

it('writes the events of any number of files in the order in which they came', async () => {
  const events = Array.from({ length: 6 }, (_, n) => ({ itemId: `i${n}`, sentAt: 9, receivedAt: 10_000 }));
  expect((await counted(events)).map(([itemId]) => itemId)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5']);
});

it('takes an event of the future as one of the moment in which it came', async () => {
  const events = [
    { itemId: 'of a fast clock', sentAt: 99_999_999_999, receivedAt: 50_999 },
    { itemId: 'of a slow clock', sentAt: -7, receivedAt: 50_999 },
    { itemId: 'of now', sentAt: 50, receivedAt: 50_999 },
  ];
  expect(await counted(events)).toEqual([
    ['of a fast clock', 50],
    ['of a slow clock', -7],
    ['of now', 50],
  ]);
});

const now = { sentAt: 50, receivedAt: 50_999 };

it('counts the same eventId once for each user, and for each session that has none', async () => {
  const sent = { ...now, eventId: 'event1' };
  const events = ['u', 'v', 'u', null].flatMap((userId, n) => [
    { ...sent, itemId: 'a', userId, sessionId: `s${n}` },
    { ...sent, itemId: 'b', userId, sessionId: `s${n}`, sentAt: 40 + n },
  ]);
  expect(await counted(events)).toEqual([
    ['a', 50],
    ['b', 40],
    ['a', 50],
    ['b', 41],
  ]);
});

it('counts, of an event that came twice, what came to count first', async () => {
  const sent = { ...now, itemId: 'a', eventId: 'event1' };
  const events = [
    { ...sent, userId: null, sessionId: 'joined later', sentAt: 40 },
    { ...sent, sessionId: 'own', sentAt: 41 },
    { ...sent, itemId: 'b', sessionId: 'joined later' },
  ];
  // A training before the third event has seen the second.
  expect(await counted(events.slice(0, 2))).toEqual([['a', 41]]);
  expect(await counted(events)).toEqual([
    ['a', 41],
    ['b', 50],
  ]);
});

it('counts events of a fast clock that came in one second and say the same once', async () => {
  const events = [60, 70].map((sentAt) => ({ ...now, itemId: 'a', sentAt }));
  expect(await counted([...events, { ...now, itemId: 'a', sentAt: 60, receivedAt: 55_000 }])).toEqual([['a', 50]]);
});

it('gives null for a column that a newer schema has and no file', async () => {
  expect(await counted([{ ...now, itemId: 'a' }], [...schema.fields, field('DEVICE', 'string')])).toEqual([['a', 50]]);
});
