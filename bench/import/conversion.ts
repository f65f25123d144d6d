// `conversion.ts <converter> <folder> <location>`: turns what lies at a location below <folder>/buckets/bench into
// Parquet once, and prints how it went.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DatasetSchema, Field } from '../../src/data/dataset-schema.ts';
import { importCsv } from '../../src/data/import/import-csv.ts';
import { openBuckets } from '../../src/data/objects/buckets.ts';
import { openStore } from '../../src/data/objects/open-store.ts';

export type Converter = 'duckdb' | 'import';

export type ConversionReport = { readonly seconds: number; readonly cpuSeconds: number; readonly peakBytes: number };

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

const [converter, folder = '.', location = ''] = process.argv.slice(2);
const output = await mkdtemp(join(folder, 'output-'));
const start = performance.now();
const cpuStart = process.cpuUsage();
if (converter === 'duckdb') await copyWithDuckDb();
else await importOnce();
const { user, system } = process.cpuUsage(cpuStart);
const report: ConversionReport = {
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
await rm(output, { recursive: true });
console.log(JSON.stringify(report));

async function copyWithDuckDb(): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const csv = join(folder, 'buckets/bench', location);
  await connection.run(`COPY (SELECT * FROM read_csv('${csv}')) TO '${join(output, 'copy.parquet')}' (FORMAT parquet)`);
}

async function importOnce(): Promise<void> {
  const request = {
    buckets: await openBuckets({ folder: join(folder, 'buckets') }),
    store: await openStore({ folder: join(output, 'store') }),
    location: `s3://bench/${location}`,
    ...({ schema, type: 'INTERACTIONS', badRows: 0.01 } as const),
    targetPrefix: 'datasets/bench/',
    workFolder: join(output, 'work'),
  };
  await importCsv(request, { report() {}, signal: new AbortController().signal });
}
