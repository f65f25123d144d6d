import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuckDb, sqlName, sqlString } from './duckdb.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duckdb-'));
});
afterAll(() => rm(folder, { recursive: true }));

const open = () => openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });

it('streams all rows though other statements run meanwhile', async () => {
  using duckDb = await open();
  await duckDb.run('CREATE TABLE numbers AS SELECT range AS n FROM range(100000)');
  let sum = 0;
  for await (const chunk of duckDb.stream('SELECT n::DOUBLE FROM numbers', 100_000)) {
    for (let row = 0; row < chunk.rowCount; row++) sum += Number(chunk.getColumnVector(0).getItem(row));
    expect(await duckDb.count('FROM numbers')).toBe(100_000);
  }
  expect(sum).toBe((99_999 * 100_000) / 2);
});

it.each([4999, 5001])('throws when other than %i rows come', async (expected) => {
  using duckDb = await open();
  const read = async () => {
    for await (const _ of duckDb.stream('SELECT range FROM range(5000)', expected));
  };
  await expect(read()).rejects.toThrow(`DuckDB gave 5000 of the ${expected} rows of: SELECT range FROM range(5000)`);
});

it('ends a stream that is left early or called off', async () => {
  using duckDb = await open();
  const many = 'SELECT range FROM range(1000000)';
  for await (const _ of duckDb.stream(many, 1_000_000)) break;
  const stop = new AbortController();
  const read = async () => {
    for await (const _ of duckDb.stream(many, 1_000_000, stop.signal)) stop.abort(new Error('called off'));
  };
  await expect(read()).rejects.toThrow('called off');
  expect(await duckDb.count('SELECT 1')).toBe(1);
});

it('writes any text and any name into a statement', async () => {
  using duckDb = await open();
  for (const text of ['', "it's", 'a\0b', '\0', "\0'\0", 'naïve ☃ 𝄞', '"; DROP TABLE x; --', 'back\\slash']) {
    const name = text.replaceAll('\0', '') || 'empty';
    const [row] = await duckDb.run(`SELECT ${sqlString(text)} AS ${sqlName(name)}`);
    expect(row).toEqual({ [name]: text });
  }
});

it('is the only one that talks to DuckDB, so that every stream is counted', async () => {
  const source = join(import.meta.dirname, '../..');
  const files = (await readdir(source, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const importing: string[] = [];
  for (const name of files) {
    if (/(from |import\()'@duckdb/.test(await readFile(join(source, name), 'utf8'))) importing.push(name);
  }
  expect(importing).toEqual(['data/engine/duckdb.ts']);
});
