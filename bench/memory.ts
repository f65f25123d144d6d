import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb, sqlString } from '../src/data/engine/duckdb.ts';
import { type Stage, trainApart } from './memory/process.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const gibibyte = 2 ** 30;
/**
 * What 500 million interactions must fit in, and what there is beside what grows with them: the program, DuckDB, the
 * encoder.
 */
const budget = { interactions: 500e6, gibibytes: 24, besidesGibibytes: 3 };

/**
 * A training of aws-user-personalization-v2 in a process of its own: the most memory that it ever holds, and the time
 * of each stage.
 */
export async function benchMemory({ quick, interactions }: BenchOptions): Promise<BenchResult[]> {
  const rows = interactions ?? (quick ? 200_000 : 2_000_000);
  const size = { rows, users: Math.ceil(rows / 50), items: Math.max(500, Math.ceil(rows / 500)) };
  const folder = await mkdtemp(join(tmpdir(), 'memory-'));
  try {
    const path = join(folder, 'interactions.parquet');
    await generate(path, folder, size);
    const work = join(folder, 'work');
    await mkdir(work);
    const { stages, peakBytes } = await trainApart({ path, folder: work, mostSteps: quick ? 20 : 200 });
    const limit = budget.besidesGibibytes + (rows / budget.interactions) * (budget.gibibytes - budget.besidesGibibytes);
    const detail = `${rows} interactions of at most ${size.users} users with ${size.items} items; ${stages.filter(takesLong).map(stageText).join(', ')}`;
    return [{ name: 'memory: a training, at its peak', value: peakBytes / gibibyte, unit: 'GiB', limit, detail }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const takesLong = ({ seconds }: Stage) => seconds >= 1;

const stageText = ({ name, seconds, peakBytes }: Stage) =>
  `${name} ${seconds.toFixed(0)} s up to ${(peakBytes / gibibyte).toFixed(1)} GiB`;

/** Users and items with the skew of real data, and no order but that of time. */
async function generate(
  path: string,
  folder: string,
  { rows, users, items }: { readonly rows: number; readonly users: number; readonly items: number },
): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 * gibibyte, temporaryFolder: join(folder, 'duckdb') });
  await duckDb.run('SET threads = 1; SELECT setseed(0.5)');
  await duckDb.run(
    `COPY (SELECT 'user-' || (${users - 1} * pow(random(), 1.5))::INTEGER AS USER_ID,
                  'item-' || (${items - 1} * pow(random(), 2.5))::INTEGER AS ITEM_ID,
                  (1.1e9 + 3e8 * random())::BIGINT AS "TIMESTAMP"
           FROM range(${rows})) TO ${sqlString(path)} (FORMAT parquet)`,
  );
}
