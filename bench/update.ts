import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field } from '../src/data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../src/data/engine/duckdb.ts';
import { train } from '../src/learn/training/train.ts';
import { serviceTrainingLimits } from '../src/learn/training/training.ts';
import { generateInteractions, type Size } from './generated-interactions.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

/**
 * As many as MovieLens 1M and 100k have: enough that a trainer's start, half a second, is little beside the training.
 */
const sizes = {
  'aws-user-personalization': { users: 6040, items: 3706, interactions: 1_000_000 },
  'aws-user-personalization-v2': { users: 943, items: 1682, interactions: 100_000 },
};
const quickSize: Size = { users: 300, items: 400, interactions: 10_000 };
/** What comes before an update: interactions, each the next of its user's; and items that are new among them. */
const newShare = 0.01;
const newItems = 20;
/** An update reads the same data as a training, which of aws-user-personalization is a fifth of it. */
const mostShare = 0.5;

const field = (name: string, type: 'string' | 'long'): Field => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});
const schema = { fields: [field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')] };

/**
 * What an update of a model takes beside its training, both from Parquet to the model folder, in a trainer of their
 * own.
 */
export async function benchUpdate({ quick }: BenchOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [recipe, size] of Object.entries(sizes)) {
    const folder = await mkdtemp(join(tmpdir(), 'update-'));
    try {
      results.push(await benchOne(recipe, quick ? quickSize : size, folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return results;
}

async function benchOne(recipe: string, size: Size, folder: string): Promise<BenchResult> {
  const [known, since] = [join(folder, 'known.parquet'), join(folder, 'since.parquet')];
  await writeKnown(known, folder, size);
  await writeSince(since, folder, known);
  const before = join(folder, 'trained');
  const training = await secondsOf({ recipe, modelFolder: before, files: [known] });
  const modelFolder = join(folder, 'updated');
  const update = await secondsOf({ recipe, modelFolder, files: [known, since], before });
  const { users, items, interactions } = size;
  return {
    name: `update: ${recipe}`,
    value: update,
    unit: 's',
    ratio: update / training,
    limit: mostShare,
    detail: `${interactions} interactions, ${users} users, ${items} items, and 1 % more with ${newItems} new items; its training ${training.toFixed(1)} s`,
  };
}

type Run = { recipe: string; modelFolder: string; files: readonly string[]; before?: string };

async function secondsOf({ recipe, modelFolder, files, before }: Run): Promise<number> {
  const progress = { report: () => {}, signal: new AbortController().signal };
  const stopwatch = new Stopwatch();
  await train(
    {
      recipe,
      parameters: {},
      interactions: { schema, files },
      limits: serviceTrainingLimits,
      seed: 0,
      modelFolder,
      workFolder: `${modelFolder}-work`,
      modelToUpdate: before,
    },
    progress,
  );
  return stopwatch.lap().seconds;
}

async function writeKnown(path: string, folder: string, size: Size): Promise<void> {
  const { rows, offsets, indices } = generateInteractions(size);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: folder });
  await duckDb.run('CREATE TABLE interactions (USER_ID VARCHAR, ITEM_ID VARCHAR, "TIMESTAMP" BIGINT)');
  const appender = await duckDb.appender('interactions');
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
