import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Progress } from '../../util/progress.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import type { DatasetType } from '../dataset-types.ts';
import { openDuckDb, sqlString } from '../engine/duckdb.ts';
import { openBuckets } from '../objects/buckets.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { openStore } from '../objects/open-store.ts';
import { type ImportResult, importCsv } from './import-csv.ts';

export const field = (name: string, type: Field['type'] = 'string', more: Partial<Field> = {}): Field => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
  ...more,
});

export const interactions: DatasetSchema = {
  fields: [
    field('USER_ID'),
    field('ITEM_ID'),
    field('TIMESTAMP', 'long'),
    field('EVENT_VALUE', 'float', { nullable: true }),
  ],
};

export const header = 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_VALUE\n';
export const good = `${header}u1,i1,1600000000,4.5\nu2,i2,1600000001,\n`;
export const goodRows = [
  { USER_ID: 'u1', ITEM_ID: 'i1', TIMESTAMP: 1_600_000_000n, EVENT_VALUE: 4.5 },
  { USER_ID: 'u2', ITEM_ID: 'i2', TIMESTAMP: 1_600_000_001n, EVENT_VALUE: null },
];

export type Options = {
  schema?: DatasetSchema;
  type?: DatasetType;
  badRows?: number;
  location?: string;
  progress?: Progress;
  store?: ObjectStore;
};

const idle: Progress = { report() {}, signal: new AbortController().signal };

/** A bucket `data` and a store in a folder of their own, both empty. */
export async function openImports() {
  const root = await mkdtemp(join(tmpdir(), 'import-'));
  for (const name of ['buckets/data', 'work']) await mkdir(join(root, name), { recursive: true });
  const store = await openStore({ folder: join(root, 'store') });
  const duckdb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(root, 'duckdb'), threads: 1 });

  async function put(key: string, content: string | Uint8Array): Promise<void> {
    const path = join(root, 'buckets/data', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  const run = async ({
    location = 's3://data/a.csv',
    progress = idle,
    ...more
  }: Options = {}): Promise<ImportResult> => {
    const table = { schema: interactions, type: 'INTERACTIONS', badRows: 0.01 } as const;
    const folders = { targetPrefix: 'datasets/one/', workFolder: join(root, 'work') };
    const buckets = await openBuckets({ folder: join(root, 'buckets') });
    return await importCsv({ buckets, store, location, ...folders, ...table, ...more }, progress);
  };

  async function readBack(files: readonly { key: string; rows: number }[]) {
    const rows = [];
    for (const { key, rows: count } of files) {
      await using copy = await store.localFile(key);
      const part = await duckdb.run(`SELECT * FROM read_parquet(${sqlString(copy.path)})`);
      expect(part).toHaveLength(count);
      rows.push(...part);
    }
    expect(await readdir(join(root, 'work'))).toEqual([]);
    return rows;
  }

  async function stored(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    return keys;
  }

  return {
    root,
    store,
    duckdb,
    put,
    run,
    readBack,
    stored,
    /** Imports one file and reads back what was stored. */
    async rowsOf(content: string | Uint8Array, options: Options = {}) {
      await put('a.csv', content);
      return await readBack((await run(options)).files);
    },
    /** Imports what must not succeed; answers why it did not, after seeing that nothing is left of it. */
    async reasonOf(content: string | Uint8Array | undefined, options: Options = {}): Promise<string> {
      if (content !== undefined) await put('a.csv', content);
      const failure = await run(options).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ name: 'ImportError' });
      expect(await readdir(join(root, 'work'))).toEqual([]);
      expect(await stored()).toEqual([]);
      return failure instanceof Error ? failure.message : '';
    },
    async close(): Promise<void> {
      duckdb[Symbol.dispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type Imports = Awaited<ReturnType<typeof openImports>>;
