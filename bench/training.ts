import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb, sqlString } from '../src/data/engine/duckdb.ts';
import { trainApart } from './memory/process.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const items = 3500;
/** Interactions of a user, as in MovieLens 1M. */
const historyLength = 165;
const limitMinutes = 20;

/** A whole training of aws-user-personalization-v2 on defaults, over data that has an order to learn. */
export async function benchTraining({ quick, interactions }: BenchOptions): Promise<BenchResult[]> {
  const rows = interactions ?? (quick ? 20_000 : 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'training-'));
  try {
    const path = join(folder, 'interactions.parquet');
    await generate(path, folder, rows);
    const work = join(folder, 'work');
    await mkdir(work);
    const { stages } = await trainApart({ path, folder: work, mostSteps: quick ? 20 : Number.MAX_SAFE_INTEGER });
    const seconds = stages.reduce((sum, stage) => sum + stage.seconds, 0);
    const encoder = stages.filter(({ name }) => name === 'training the encoder');
    const detail = `${rows} interactions with ${items} items; the encoder ${encoder.map((stage) => `${stage.seconds.toFixed(0)} s`).join(' + ')}`;
    return [
      {
        name: 'training: from the file to the model',
        value: seconds / 60,
        unit: 'minutes',
        limit: limitMinutes,
        detail,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Half of a history are runs of eight items that follow each other, which start where the user's taste is; the rest is
 * chance, with skew.
 */
async function generate(path: string, folder: string, rows: number): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: join(folder, 'duckdb') });
  await duckDb.run('SET threads = 1; SELECT setseed(0.5)');
  const place = `n % ${historyLength}`;
  const user = `n // ${historyLength}`;
  const runStart = `hash(${user} % 40, hash(${user}, ${place} // 8) % 12)`;
  await duckDb.run(
    `COPY (SELECT 'user-' || (${user}) AS USER_ID,
                  'item-' || (CASE WHEN random() < 0.5 THEN (${runStart} + ${place} % 8) % ${items}
                                   ELSE (${items - 1} * pow(random(), 2.5))::UBIGINT END) AS ITEM_ID,
                  1000000000 + n AS "TIMESTAMP"
           FROM range(${rows}) AS numbers(n)) TO ${sqlString(path)} (FORMAT parquet)`,
  );
}
