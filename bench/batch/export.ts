import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDatabase } from '../../src/data/database/database.ts';
import { appendDatasetFiles, type DatasetFile } from '../../src/data/manifest.ts';
import { checksumOf } from '../../src/data/objects/checksums.ts';
import { openStore } from '../../src/data/objects/open-store.ts';
import { median } from '../median.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import type { Exporter, ExportReport } from './export-once.ts';

const rounds = 3;
const mebibyte = 2 ** 20;
const files = 4;

/**
 * An export of 10 M interactions, and of such that have one row in five twice, beside DuckDB's own
 * `COPY (SELECT DISTINCT …)`, which keeps no order. Each has a process of its own; the two take turns, and the median
 * of each counts. Budgets: a million rows a second, 2 GiB.
 */
export async function benchExport({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rows = quick ? 400_000 : 10_000_000;
  const results: BenchResult[] = [];
  for (const repeated of [false, true]) {
    const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
    try {
      await makeDataset(folder, rows, repeated);
      results.push(...(await measure(folder, rows, repeated ? 'one in five twice' : 'all different')));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return results;
}

async function measure(folder: string, rows: number, rowsAre: string): Promise<BenchResult[]> {
  const copies: ExportReport[] = [];
  const exports: ExportReport[] = [];
  for (let round = 0; round < rounds; round++) {
    copies.push(await exportOnce('duckdb', folder));
    exports.push(await exportOnce('export', folder));
  }
  const middle = (reports: readonly ExportReport[], part: keyof ExportReport) =>
    median(reports.map((report) => report[part]));
  const seconds = middle(exports, 'seconds');
  const copySeconds = middle(copies, 'seconds');
  const detail = `${rows.toLocaleString('en')} rows, ${rowsAre}, median of ${rounds}`;
  const peakMiB = Math.max(...exports.map(({ peakBytes }) => peakBytes)) / mebibyte;
  const name = `batch: export, ${rowsAre}`;
  return [
    { name, value: rows / seconds, unit: 'rows/s', least: 1_000_000, detail },
    { name: `${name}, by the clock`, value: seconds, unit: 's', ratio: seconds / copySeconds, detail },
    { name: `${name}, DuckDB's COPY without order`, value: copySeconds, unit: 's', detail },
    { name: `${name}, processor time`, value: middle(exports, 'cpuSeconds'), unit: 's', detail },
    { name: `${name}, peak memory`, value: peakMiB, unit: 'MiB', limit: 2048, detail },
  ];
}

async function exportOnce(exporter: Exporter, folder: string): Promise<ExportReport> {
  const script = new URL('./export-once.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, exporter, folder]);
  return JSON.parse(stdout);
}

/** A dataset of interactions, in files as imports write them. */
async function makeDataset(folder: string, rows: number, repeated: boolean): Promise<void> {
  const place = join(folder, 'store/datasets/bench');
  await openStore({ folder: join(folder, 'store') });
  await mkdir(place, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const each = rows / files;
  const made: DatasetFile[] = [];
  for (let file = 0; file < files; file++) {
    const name = `part-${file}.parquet`;
    const row = repeated ? 'CASE WHEN i % 5 = 4 AND i > 100000 THEN i - 99999 ELSE i END' : 'i';
    await connection.run(`
      COPY (SELECT 'user-' || hash(n) % 138000 AS USER_ID, 'item-' || hash(n + 7) % 27000 AS ITEM_ID,
          CASE WHEN n % 5 = 0 THEN 'Purchase' ELSE 'View' END AS EVENT_TYPE,
          CASE WHEN n % 3 > 0 THEN (n % 19) / 2 END::FLOAT AS EVENT_VALUE, 1600000000 + n // 10 AS TIMESTAMP
        FROM (SELECT ${row} AS n FROM range(${file * each}, ${(file + 1) * each}) numbers(i)))
      TO '${join(place, name)}' (FORMAT parquet, DICTIONARY_SIZE_LIMIT 1000)`);
    made.push({ key: `datasets/bench/${name}`, rows: each, ...(await checksumOf(join(place, name))) });
  }
  const { database, close } = await openDatabase({ file: join(folder, 'database') });
  await database.transaction().execute((trx) => appendDatasetFiles(trx, 'arn:bench', 'arn:job', made, 0));
  await close();
}
