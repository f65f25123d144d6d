import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field } from '../src/data/dataset-schema.ts';
import { openDuckDb, sqlName, sqlString } from '../src/data/engine/duckdb.ts';
import { train } from '../src/learn/training/train.ts';
import { serviceTrainingLimits, type TrainingInput } from '../src/learn/training/training.ts';
import { type InteractionsFile, interactionsFiles } from './dataset-files.ts';
import type { BenchOptions, BenchResult } from './result.ts';

/** Over five seeds of the service's split; the baseline may have at most 1/1.4 of the NDCG@25. */
const seeds = [1, 2, 3, 4, 5];
const limit = 1 / 1.4;
const metric = 'normalized_discounted_cumulative_gain_at_25';
const baseline = 'aws-popularity-count';
const recipe = 'aws-user-personalization';

/**
 * Accuracy of aws-user-personalization beside aws-popularity-count on the data sets in the folder `--data`; nothing
 * without one.
 */
export async function benchAccuracy({ data, quick }: BenchOptions): Promise<BenchResult[]> {
  if (data === undefined) {
    process.stderr.write('bench accuracy: nothing to measure on; name a folder of data sets with --data.\n');
    return [];
  }
  const results: BenchResult[] = [];
  for (const file of await interactionsFiles(data))
    results.push(await measure(file, quick ? seeds.slice(0, 1) : seeds));
  return results;
}

/** The mean over the seeds, each ranking without the items of the input history. */
async function measure(file: InteractionsFile, chosen: readonly number[]): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'accuracy-'));
  try {
    const interactions = await toParquet(file, folder);
    const sums = { [recipe]: 0, [baseline]: 0 };
    for (const seed of chosen) {
      for (const name of [recipe, baseline] as const) {
        const modelFolder = join(folder, `${name}-${seed}`);
        const task = { recipe: name, parameters: {}, interactions, limits: serviceTrainingLimits, seed };
        const request = { ...task, modelFolder, workFolder: folder };
        const { metrics } = await train(request, { report: () => {}, signal: AbortSignal.timeout(3_600_000) });
        sums[name] += metrics[metric] ?? Number.NaN;
      }
    }
    const value = sums[recipe] / chosen.length;
    return {
      name: `accuracy: ${file.dataset}`,
      value,
      unit: 'NDCG@25',
      ratio: sums[baseline] / sums[recipe],
      limit,
      detail: `${recipe} beside ${baseline} ${(sums[baseline] / chosen.length).toFixed(4)}, mean of ${chosen.length} seeds, without items of the input history`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function toParquet({ path, columns }: InteractionsFile, folder: string): Promise<TrainingInput> {
  const parquet = join(folder, 'interactions.parquet');
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: folder });
  await duckDb.run(
    `COPY (SELECT ${sqlName(columns.user)}::VARCHAR AS USER_ID, ${sqlName(columns.item)}::VARCHAR AS ITEM_ID,
                  ${sqlName(columns.time)}::BIGINT AS "TIMESTAMP"
           FROM read_csv(${sqlString(path)})) TO ${sqlString(parquet)} (FORMAT parquet)`,
  );
  return {
    schema: { fields: [column('USER_ID', 'string'), column('ITEM_ID', 'string'), column('TIMESTAMP', 'long')] },
    files: [parquet],
  };
}

const column = (name: string, type: Field['type']): Field => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});
