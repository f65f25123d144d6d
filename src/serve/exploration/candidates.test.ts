import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { impressionCell, impressionItems } from '../../data/records/impression.ts';
import { newestItems } from '../../data/views/newest-items.ts';
import { Candidates, mostCandidates } from './candidates.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'candidates-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ids = ['a', 'b', 'c', 'd'];
const event = fc.record({
  item: fc.constantFrom(...ids),
  shown: fc.array(fc.constantFrom(...ids, 'x'), { maxLength: 6 }),
});

it('counts event by event what is counted of all together after a restart', async () => {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 20 }), async (events) => {
      const candidates = new Candidates();
      for (const id of ids) candidates.add({ id, createdAt: 0 });
      for (const { item, shown } of events) candidates.interaction(item, impressionItems(impressionCell(shown)));

      const path = (name: string) => join(folder, `${runs}-${name}.parquet`);
      const rows = events.map(({ item, shown }) => `('${item}', 1, '${impressionCell(shown)}')`);
      await duckDb.run(
        `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS t(ITEM_ID, TIMESTAMP, IMPRESSION)) TO ${sqlString(path('events'))};
         COPY (SELECT unnest(['a', 'b', 'c', 'd']) AS ITEM_ID) TO ${sqlString(path('items'))};
         COPY (SELECT '' AS ID LIMIT 0) TO ${sqlString(path('known'))}`,
      );
      const { items } = await newestItems({
        interactions: { files: [path('events')], schema: { fields: [] } },
        items: { files: [path('items')], schema: { fields: [] } },
        known: path('known'),
        seconds: 100,
        limit: mostCandidates,
        now: 1000,
        temporaryFolder: join(folder, 'spilled'),
        signal: new AbortController().signal,
      });
      runs++;
      expect(items.map(({ id }) => id).toSorted()).toEqual(ids);
      for (const { id, successes, expected } of items) {
        expect(candidates.feedbackOf(id)?.successes).toBe(successes);
        expect(candidates.feedbackOf(id)?.expected).toBeCloseTo(expected, 4);
      }
    }),
    { numRuns: 15 },
  );
});

it('holds as many as it can, each once', () => {
  const candidates = new Candidates();
  expect(candidates.add({ id: 'a', createdAt: 1 })).toBe(true);
  expect(candidates.find('a')).toEqual({ id: 'a', createdAt: 1 });
  for (let n = 1; n < mostCandidates; n++) expect(candidates.add({ id: `i${n}`, createdAt: n })).toBe(true);
  expect(candidates.add({ id: 'one too many', createdAt: 1 })).toBe(false);
  candidates.retireBefore(100);
  expect(candidates.gone).toBe(100);
  expect(candidates.find('a')).toBeUndefined();
});

it('keeps the feedback of an item whose metadata changes', () => {
  const candidates = new Candidates();
  candidates.add({ id: 'a', createdAt: 1 });
  for (let n = 0; n < 3; n++) candidates.interaction('a', ['a', 'b']);
  const [before] = candidates.posterior.means;
  candidates.add({ id: 'a', createdAt: 100, metadata: new Map([['GENRE', 'Drama']]) });
  candidates.interaction('b', ['a', 'b']);
  expect(candidates.feedbackOf('a')).toEqual({ successes: 3, expected: 2 });
  const [former = 1, present = 0] = candidates.posterior.means;
  expect(former).toBe(0);
  expect(present).toBeGreaterThan(0);
  expect(present).toBeLessThan(before ?? 0);
  candidates.retireBefore(50);
  expect(candidates.find('a')).toMatchObject({ metadata: new Map([['GENRE', 'Drama']]) });
  expect([candidates.items.length, candidates.gone]).toEqual([2, 1]);
});
