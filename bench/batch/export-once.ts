// `export-once.ts <exporter> <folder>`: writes the dataset of a folder as CSV once, and prints how it went.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDatabase } from '../../src/data/database/database.ts';
import type { DatasetSchema, Field } from '../../src/data/dataset-schema.ts';
import { exportCsv } from '../../src/data/export/export-csv.ts';
import { openBuckets } from '../../src/data/objects/buckets.ts';
import { openStore } from '../../src/data/objects/open-store.ts';
import { RecordLog } from '../../src/data/records/record-log.ts';

export type Exporter = 'duckdb' | 'export';

export type ExportReport = { readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number };

const plain = { nullable: false, categorical: false, textual: false };
const schema: DatasetSchema = {
  fields: [
    { ...plain, name: 'USER_ID', type: 'string' },
    { ...plain, name: 'ITEM_ID', type: 'string' },
    { ...plain, name: 'EVENT_TYPE', type: 'string' },
    { ...plain, name: 'EVENT_VALUE', type: 'float', nullable: true },
    { ...plain, name: 'TIMESTAMP', type: 'long' },
  ] satisfies Field[],
};

const [exporter, folder = '.'] = process.argv.slice(2);
const out = join(folder, 'buckets/out');
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await using opened = new AsyncDisposableStack();
const run = exporter === 'duckdb' ? copyWithDuckDb : await preparedExport();
const start = performance.now();
const cpuStart = process.cpuUsage();
await run();
const { user, system } = process.cpuUsage(cpuStart);
const report: ExportReport = {
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(report));

/** The same query as DuckDB writes it by itself, in no order and into one file. */
async function copyWithDuckDb(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const stored = join(folder, 'store/datasets/bench');
  const files = (await readdir(stored)).map((name) => `'${join(stored, name)}'`);
  const columns = schema.fields.map(({ name }) => name).join(', ');
  await connection.run(
    `COPY (SELECT DISTINCT ${columns} FROM read_parquet([${files.join(', ')}])) TO '${join(out, 'copy.csv')}' (FORMAT csv)`,
  );
}

async function preparedExport(): Promise<() => Promise<unknown>> {
  const database = await openDatabase({ file: join(folder, 'database') });
  opened.defer(() => database.close());
  const request = {
    ...database,
    store: await openStore({ folder: join(folder, 'store') }),
    records: new RecordLog({ ...database, clock: { now: () => Date.now() }, log: { error: console.error } }),
    datasetArn: 'arn:bench',
    schema,
    ...({ type: 'INTERACTIONS', mode: 'ALL' } as const),
    buckets: await openBuckets({ folder: join(folder, 'buckets') }),
    location: 's3://out/',
    workFolder: join(folder, 'work'),
  };
  return () => exportCsv(request, { report() {}, signal: new AbortController().signal });
}
