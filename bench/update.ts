import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field } from '../src/data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../src/data/duckdb.ts';
import { train } from '../src/learn/train.ts';
import { serviceTrainingLimits } from '../src/learn/training.ts';
import { generateInteractions, type Size } from './generated-interactions.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

/** As many as MovieLens 100k has. */
const movieLens100k: Size = { users: 943, items: 1682, interactions: 100_000 };
const quickSize: Size = { users: 300, items: 400, interactions: 10_000 };
/** What comes before an update: interactions, each the next of its user's; and items that are new among them. */
const newShare = 0.01;
const newItems = 20;
/** An update is to be small against a training. */
const mostShare = 0.25;

const recipes = ['aws-user-personalization', 'aws-user-personalization-v2'];

const field = (name: string, type: 'string' | 'long'): Field => ({
  ...{ name, type, nullable: false, categorical: false, textual: false },
});
const schema = { fields: [field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')] };

/** What an update of a model takes beside its training, both from Parquet to the model folder, in a trainer of their own. */
export async function benchUpdate({ quick }: BenchOptions): Promise<BenchResult[]> {
  const size = quick ? quickSize : movieLens100k;
  const folder = await mkdtemp(join(tmpdir(), 'update-'));
  try {
    const known = join(folder, 'known.parquet');
    const since = join(folder, 'since.parquet');
    await writeKnown(known, folder, size);
    await writeSince(since, folder, known);
    const results: BenchResult[] = [];
    for (const recipe of recipes) {
      const modelFolder = join(folder, recipe);
      const whole = await secondsOf({ recipe, modelFolder, files: [known] });
      const update = await secondsOf({
        ...{ recipe, modelFolder: `${modelFolder}-updated`, files: [known, since] },
        before: modelFolder,
      });
      results.push({
        name: `update: ${recipe}`,
        value: update,
        unit: 's',
        ratio: update / whole,
        limit: mostShare,
        detail: `${size.interactions} interactions, ${size.users} users, ${size.items} items, and 1 % more with ${newItems} new items; its training ${whole.toFixed(1)} s`,
      });
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Run = { recipe: string; modelFolder: string; files: readonly string[]; before?: string };

async function secondsOf({ recipe, modelFolder, files, before }: Run): Promise<number> {
  const watch = { progress: () => {}, signal: new AbortController().signal };
  const stopwatch = new Stopwatch();
  await train(
    {
      ...{ recipe, parameters: {}, interactions: { schema, files }, limits: serviceTrainingLimits, seed: 0 },
      ...{ modelFolder, workFolder: `${modelFolder}-work`, before },
    },
    watch,
  );
  return stopwatch.lap().seconds;
}

async function writeKnown(path: string, folder: string, size: Size): Promise<void> {
  const { rows, offsets, indices } = generateInteractions(size);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: folder });
  await duckDb.run('CREATE TABLE interactions (USER_ID VARCHAR, ITEM_ID VARCHAR, "TIMESTAMP" BIGINT)');
  const appender = await duckDb.connection.createAppender('interactions');
  for (let user = 0; user < rows; user++) {
    for (let entry = offsets[user] ?? 0; entry < (offsets[user + 1] ?? 0); entry++) {
      appender.appendVarchar(`u${user}`);
      appender.appendVarchar(`i${indices[entry]}`);
      // In an order that says nothing of the items.
      appender.appendBigInt(1_000_000_000n + BigInt((Math.imul(entry, 0x9e3779b1) >>> 0) % 10_000_000));
      appender.endRow();
    }
  }
  appender.closeSync();
  await duckDb.run(`COPY interactions TO ${sqlString(path)} (FORMAT parquet)`);
}

async function writeSince(path: string, folder: string, known: string): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: folder });
  const isNew = `file_row_number % 10 = 0`;
  await duckDb.run(
    `COPY (SELECT USER_ID, CASE WHEN ${isNew} THEN 'new' || (file_row_number % ${10 * newItems}) ELSE ITEM_ID END AS ITEM_ID,
                  1100000000 + file_row_number AS "TIMESTAMP"
           FROM read_parquet(${sqlString(known)}, file_row_number = true) WHERE hash(file_row_number) % ${1 / newShare} = 0)
     TO ${sqlString(path)} (FORMAT parquet)`,
  );
}
