import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb, sqlString } from '../src/data/engine/duckdb.ts';
import { serviceTrainingLimits } from '../src/learn/training/training.ts';
import { buildTrainingSet } from '../src/learn/training-set/training-set.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const fields = [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
  { name: 'EVENT_TYPE', type: 'string' },
] as const;

/** Building a training set beside DuckDB's own GROUP BY of the same rows, in turns: the better of two each. */
export async function benchTrainingSet({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rows = quick ? 500_000 : 20_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'training-set-'));
  try {
    const path = join(folder, 'interactions.parquet');
    await generate(path, folder, rows);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let turn = 0; turn < 2; turn++) {
      theirs.push(await seconds(() => groupBy(path, folder)));
      ours.push(await seconds(() => build(path, folder)));
    }
    const value = Math.min(...ours);
    const peer = Math.min(...theirs);
    const detail = `${rows} interactions of 138,001 users with 27,001 items and 3 event types; DuckDB ${peer.toFixed(2)} s`;
    return [{ name: 'training set: build', value, unit: 's', ratio: value / peer, limit: 1.5, detail }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const stopwatch = new Stopwatch();
  await work();
  return stopwatch.lap().seconds;
}

const build = (path: string, folder: string) =>
  buildTrainingSet(
    {
      interactions: {
        schema: { fields: fields.map((field) => ({ ...field, nullable: false, categorical: false, textual: false })) },
        files: [path],
      },
      limits: serviceTrainingLimits,
      workFolder: folder,
    },
    { report: () => {}, signal: new AbortController().signal },
  );

async function groupBy(path: string, folder: string): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 * 2 ** 30, temporaryFolder: join(folder, 'duckdb') });
  await duckDb.run('SET preserve_insertion_order = false');
  await duckDb.run(`CREATE TABLE groups AS SELECT *, count(*) FROM read_parquet(${sqlString(path)}) GROUP BY ALL`);
}

async function generate(path: string, folder: string, rows: number): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 * 2 ** 30, temporaryFolder: join(folder, 'duckdb') });
  await duckDb.run('SET threads = 1; SELECT setseed(0.5)');
  await duckDb.run(
    `COPY (SELECT 'user-' || (138000 * pow(random(), 1.5))::INTEGER AS USER_ID,
                  'item-' || (27000 * pow(random(), 2.5))::INTEGER AS ITEM_ID,
                  (1.1e9 + 3e8 * random())::BIGINT AS "TIMESTAMP",
                  ['view', 'click', 'buy'][1 + (2.999 * random())::INTEGER] AS EVENT_TYPE
           FROM range(${rows})) TO ${sqlString(path)} (FORMAT parquet)`,
  );
}
