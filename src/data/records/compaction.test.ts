import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../database/database.ts';
import { openDuckDb, sqlString } from '../engine/duckdb.ts';
import type { ListedFile } from '../manifest.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { openStore } from '../objects/open-store.ts';
import { compactRecords, filesToAbsorb } from './compaction.ts';
import { encodeLine, type Layout } from './layout.ts';
import { RecordLog } from './record-log.ts';

const datasetArn = 'arn:dataset';
const narrow: Layout = [
  { name: 'A', type: 'string' },
  { name: 'N', type: 'int' },
];
const wide: Layout = [...narrow, { name: '$B', type: 'double' }];

let folder: string;
let opened: OpenDatabase;
let store: ObjectStore;
let log: RecordLog;
let compactions = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compaction-'));
  opened = await openDatabase({ file: join(folder, 'database') });
  store = await openStore({ folder: join(folder, 'store') });
  log = new RecordLog({ ...opened, clock: { now: () => 0 }, log: { error: () => {} } });
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

async function append(layout: Layout, ...lines: string[][]) {
  const id = await log.layouts.idOf(layout);
  await log.append({ datasetArn, layout: id, records: lines.length, body: lines.map(encodeLine).join('') });
}

async function compact(after = 0, absorbed: readonly ListedFile[] = []) {
  compactions += 1;
  return await compactRecords({
    log,
    store,
    datasetArn,
    after,
    through: await log.lastPosition(),
    absorbed,
    targetPrefix: `${compactions}/`,
    workFolder: join(folder, `work-${compactions}`),
    signal: new AbortController().signal,
  });
}

const keysOf = (done: Awaited<ReturnType<typeof compact>>) => (done?.files ?? []).map(({ key }) => key);

async function rowsOf(keys: readonly string[], select = '*') {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const paths: string[] = [];
  for (const key of keys) paths.push((await store.localFile(key)).path);
  return await duckDb.run(
    `SELECT ${select} FROM read_parquet([${paths.map(sqlString).join(', ')}], union_by_name = true)`,
  );
}

describe('compaction', () => {
  it('makes nothing of nothing', async () => {
    expect(await compact()).toBeUndefined();
  });

  it('keeps every value as it was, whatever it is, in the order of the log', async () => {
    const text = fc
      .string({
        unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n', ' ', '\ufeff', '\\', '#', "'", 'é', '\u{1f600}'),
      })
      .filter((value) => value !== '');
    const rows = fc.array(fc.tuple(text, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const after = await log.lastPosition();
        await append(narrow, ...written.map(([value, n]) => [value, String(n)]));
        const done = await compact(after);
        const read = await rowsOf(keysOf(done), 'hex(encode(A)) AS A, N'); // its reader for Node drops byte order marks
        expect(read).toEqual(written.map(([A, N]) => ({ A: Buffer.from(A).toString('hex').toUpperCase(), N })));
      }),
      { numRuns: 25 },
    );
  });

  it('takes files along that it is told to, and rows of another layout into another file', async () => {
    await append(narrow, ['one', '1'], ['', '']);
    const first = await compact();
    expect(first?.files.map(({ rows }) => rows)).toEqual([2]);
    const absorbed = (first?.files ?? []).map((file) => ({ ...file, through: first?.through ?? 0 }));
    await append(narrow, ['two', '2']);
    await append(wide, ['three', '3', '0.5']);
    const second = await compact(first?.through, absorbed);
    expect(second?.files.map(({ rows }) => rows)).toEqual([3, 1]);
    expect(second?.absorbed).toEqual(absorbed.map(({ key }) => key));
    expect(await rowsOf(keysOf(second))).toEqual([
      { A: 'one', N: 1, $B: null },
      { A: null, N: null, $B: null },
      { A: 'two', N: 2, $B: null },
      { A: 'three', N: 3, $B: 0.5 },
    ]);
  });

  it('names a damaged file that it was to take along, and writes nothing of it', async () => {
    await append(narrow, ['one', '1']);
    const first = await compact();
    const [file] = first?.files ?? [];
    const absorbed = file ? [{ ...file, through: 1 }] : [];
    const location = store.location(file?.key ?? '');
    const whole = await readFile(location);
    whole.writeUInt8(whole.readUInt8(20) ^ 1, 20);
    await writeFile(location, whole);
    await append(narrow, ['two', '2']);
    await expect(compact(1, absorbed)).rejects.toMatchObject({
      reason: 'damaged',
      message: `${location} is damaged, as its checksum is not the one that was written down: put it back from a backup.`,
    });
  });
});

describe('the files that a compaction takes along', () => {
  const file = (rows: number, through: number | null): ListedFile => ({
    key: `${rows}-${through}`,
    rows,
    bytes: 1,
    sha256: 'ab',
    through,
  });

  it('are few in the end: no more than the logarithm of the rows', () => {
    const batches = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(batches, (sizes) => {
        let files: ListedFile[] = [];
        for (const [index, rows] of sizes.entries()) {
          const absorbed = filesToAbsorb(files, rows, []);
          const kept = files.filter((one) => !absorbed.includes(one));
          files = [...kept, file(rows + absorbed.reduce((sum, one) => sum + one.rows, 0), index + 1)];
        }
        const total = sizes.reduce((sum, rows) => sum + rows, 0);
        expect(files.reduce((sum, { rows }) => sum + rows, 0)).toBe(total);
        expect(files.length).toBeLessThanOrEqual(Math.log2(total) + 1);
      }),
    );
  });

  it('are none that an import has brought, that are large, or that a training has seen to the end', () => {
    expect(filesToAbsorb([file(1, 3), file(1, null)], 10, [])).toEqual([]);
    expect(filesToAbsorb([file(11, 3), file(10, 5)], 10, [])).toEqual([file(11, 3), file(10, 5)]);
    expect(filesToAbsorb([file(3_000_000, 3)], 5_000_000, [])).toEqual([]);
    expect(filesToAbsorb([file(1, 3), file(1, 5)], 10, [3])).toEqual([file(1, 5)]);
    expect(filesToAbsorb([file(1, 3), file(1, 5)], 10, [5])).toEqual([]);
  });
});
