import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetSchema, Field } from '../src/data/dataset-schema.ts';
import { type FilePath, filePath, passingKey } from '../src/data/encryption/file-path.ts';
import { type GroupKey, prefixKey, sealedPrefix } from '../src/data/encryption/group-key.ts';
import { importCsv } from '../src/data/import/import-csv.ts';
import { openBuckets } from '../src/data/objects/buckets.ts';
import { openStore } from '../src/data/objects/open-store.ts';
import { SealedStore } from '../src/data/objects/sealed-store.ts';
import { runTraining } from '../src/learn/training/run-training.ts';
import { serviceTrainingLimits } from '../src/learn/training/training.ts';
import { writeInteractionsCsv } from './import/generated-csv.ts';
import { median } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const rounds = 3;
const unwatched = { report() {}, signal: new AbortController().signal };
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

type Lap = { readonly seconds: number; readonly cpuSeconds: number };
type Laps = { readonly imports: Lap[]; readonly trainings: Lap[] };

/**
 * What encryption costs an import of 5 M interactions, and a training from its file to its model: with a key and
 * without, one after the other, three times each. Processor time counts, which other programs disturb least.
 */
export async function benchEncryption({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rows = quick ? 200_000 : 5_000_000;
  const trained = quick ? 50_000 : 1_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'bench-encryption-'));
  try {
    await mkdir(join(folder, 'buckets/bench'), { recursive: true });
    await writeInteractionsCsv(join(folder, 'buckets/bench/large.csv'), rows);
    await writeInteractionsCsv(join(folder, 'buckets/bench/small.csv'), trained);
    const key: GroupKey = { id: randomBytes(16).toString('hex'), secret: passingKey() };
    const [open, sealed]: [Laps, Laps] = [
      { imports: [], trainings: [] },
      { imports: [], trainings: [] },
    ];
    for (let round = 0; round < rounds; round++) {
      for (const [laps, sealing] of [[open, undefined] as const, [sealed, key] as const]) {
        await runOnce(folder, laps, sealing);
      }
    }
    return [
      result('import', `${rows.toLocaleString('en')} rows`, open.imports, sealed.imports),
      result('training', `${trained.toLocaleString('en')} interactions`, open.trainings, sealed.trainings),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function result(name: string, size: string, open: readonly Lap[], sealed: readonly Lap[]): BenchResult {
  const of = (laps: readonly Lap[], part: keyof Lap) => median(laps.map((lap) => lap[part]));
  const wall = `${of(open, 'seconds').toFixed(1)} s by the clock without a key, ${of(sealed, 'seconds').toFixed(1)} s with one`;
  const value = of(sealed, 'cpuSeconds');
  const ratio = value / of(open, 'cpuSeconds');
  return {
    name: `encryption: ${name} with a key`,
    value,
    unit: 's of processor time',
    ratio,
    limit: 1.15,
    detail: `${size}, median of ${rounds}; ${wall}`,
  };
}

async function runOnce(folder: string, { imports, trainings }: Laps, sealing: GroupKey | undefined): Promise<void> {
  const output = await mkdtemp(join(folder, 'output-'));
  const byId = async () => sealing ?? { id: '', secret: '' };
  const store = new SealedStore(await openStore({ folder: join(output, 'store') }), { byId });
  const load = async (name: string) =>
    await importCsv(
      {
        buckets: await openBuckets({ folder: join(folder, 'buckets') }),
        store,
        location: `s3://bench/${name}.csv`,
        ...({ schema, type: 'INTERACTIONS', badRows: 0.01 } as const),
        targetPrefix: sealedPrefix(`datasets/${name}/`, sealing),
        sealing,
        workFolder: join(output, 'work'),
      },
      unwatched,
    );
  const watch = new Stopwatch();
  await load('large');
  imports.push(watch.lap());
  const { files } = await load('small');
  const local: FilePath[] = [];
  for (const file of files) {
    const { path, key } = await store.localFile(file.key);
    local.push(filePath(path, key));
  }
  const model = filePath(join(output, 'model'), sealing && prefixKey(sealing, 'models/'));
  await mkdir(join(output, 'model'));
  const request = {
    // The one that computes least: encryption shows most.
    recipe: 'aws-sims',
    parameters: {},
    interactions: { schema, files: local },
    limits: serviceTrainingLimits,
    seed: 1,
    workFolder: filePath(join(output, 'work'), sealing && passingKey()),
  };
  await mkdir(join(output, 'work'), { recursive: true });
  watch.lap();
  await runTraining(request, model, unwatched);
  trainings.push(watch.lap());
  await rm(output, { recursive: true });
}
