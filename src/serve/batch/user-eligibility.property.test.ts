import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionColumn } from '../../data/records/event-lines.ts';
import { writeRecords } from '../../data/views/attributes/attributes.fixture.ts';
import { isEligible } from '../../learn/model/item-mask.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import { keptRows, type PlainRow } from '../filters/evaluate.reference.ts';
import { eventType, filter, group, placeholderValues, type RandomGroup } from '../filters/filter.arbitrary.ts';
import type { UserFilter } from '../filters/filter.ts';
import { encoded, plainRow } from '../filters/rows.arbitrary.ts';
import { UserEligibility } from './user-eligibility.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'user-eligibility-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The model knows the users of even numbers, in another order. */
const ids = Array.from({ length: 80 }, (_, n) => `user-${n}`);
const known = ids.filter((_, n) => n % 2 === 0).toReversed();
const user = fc.constantFrom(...ids);

const userFilter = (some: RandomGroup): fc.Arbitrary<UserFilter> =>
  filter(some)
    .filter((tree) => tree.subject === 'UserID')
    .map((tree) => tree);

/** What it lacks is empty. */
const event = fc.record({
  user: fc.oneof(user, fc.constant('')),
  session: fc.constantFrom('', 's1', 's2', 's3'),
  type: fc.oneof(eventType, fc.constant('')),
  item: fc.constantFrom('i1', 'i2', ''),
});

const scenario = group
  .chain((some) => fc.tuple(fc.constant(some), userFilter(some)))
  .chain(([some, tree]) =>
    fc.record({
      columns: fc.constant(some.users),
      tree: fc.constant(tree),
      values: fc.array(placeholderValues(tree), { minLength: 1, maxLength: 3 }),
      records: fc.array(fc.tuple(user, plainRow(some.users)), { maxLength: 60, size: 'max' }),
      events: fc.array(event, { maxLength: 90, size: 'max' }),
    }),
  );

test('lets pass the users that the plain meaning of the filter keeps', async () => {
  let written = 0;
  const file = async (...parts: Parameters<typeof writeRecords> extends [string, ...infer Rest] ? Rest : never) => {
    const path = join(folder, `${written++}.parquet`);
    await writeRecords(path, ...parts);
    return { path, through: null };
  };
  await fc.assert(
    fc.asyncProperty(scenario, async ({ columns, tree, values, records, events }) => {
      const fields = columns.map((column) => ({ categorical: false, ...column, nullable: true, textual: false }));
      const layout = [{ name: 'USER_ID', type: 'string' } as const, ...columns];
      const texts = records.map(([id, row]) => ({
        USER_ID: id,
        ...Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, String(cell ?? '')])),
      }));
      const half = Math.floor(texts.length / 2);
      const eventLayout = ['USER_ID', 'ITEM_ID', 'EVENT_TYPE', sessionColumn].map(
        (name) => ({ name, type: 'string' }) as const,
      );
      const lines = events.map((one) => ({
        USER_ID: one.user,
        ITEM_ID: one.item,
        EVENT_TYPE: one.type,
        [sessionColumn]: one.session,
      }));
      const eligibility = await UserEligibility.open({
        filter: tree,
        data: {
          users: {
            schema: { fields },
            files: [await file(layout, texts.slice(0, half)), await file(layout, texts.slice(half))],
          },
          interactions: {
            schema: { fields: [] },
            files: [await file(eventLayout, lines.slice(0, 40)), await file(eventLayout, lines.slice(40))],
            limit: 100,
            sessionsSince: 0,
          },
        },
        users: Vocabulary.of(known),
        temporaryFolder: folder,
        signal: new AbortController().signal,
      });
      const newest = new Map(records.map(([id, row]) => [id, withoutEmptyTexts(row)]));
      const data = {
        rows: known.map((id) => newest.get(id) ?? {}),
        events: happened(events),
        user: undefined,
        currentItem: undefined,
      };
      for (const some of values) {
        const mask = eligibility.of(encoded(some));
        expect(mask.size).toBe(known.length);
        expect(known.map((_, index) => isEligible(mask, index))).toEqual(keptRows(tree, some, data));
      }
    }),
    { numRuns: 40 },
  );
});

/** Records have no empty texts: these are missing. */
const withoutEmptyTexts = (row: PlainRow): PlainRow =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell === '' ? null : cell]));

/** The events with an item of users whom the model knows; those of a session are of the first user that it had. */
function happened(events: readonly { user: string; session: string; type: string; item: string }[]) {
  const owners = new Map<string, string>();
  for (const { user: id, session } of events)
    if (id !== '' && session !== '' && !owners.has(session)) owners.set(session, id);
  return events.flatMap(({ user: id, session, type, item }) => {
    const row = known.indexOf(id || (owners.get(session) ?? ''));
    return row < 0 || type === '' || item === '' ? [] : [{ type, row }];
  });
}
