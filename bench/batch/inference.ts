import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerRanges } from '../../src/serve/batch/answer-ranges.ts';
import type { InferenceTask, LineRange } from '../../src/serve/batch/batch-tasks.ts';
import { openInference } from '../../src/serve/batch/inference.ts';
import { runBatch } from '../../src/serve/batch/run-batch.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import { Stopwatch } from '../stopwatch.ts';
import { peakOfChildren } from './child-memory.ts';
import { writeLines } from './lines-file.ts';
import { itemId, madeUpModel, size, userId } from './made-up-models.ts';

const count = 25;
/** As a job cuts files. */
const rangeBytes = 2 ** 20;

type Measured = {
  readonly recipe: string;
  readonly factors?: number;
  readonly least?: number;
  readonly lines: { readonly quick: number; readonly full: number };
};

const measured: readonly Measured[] = [
  { recipe: 'aws-user-personalization-v2', least: 3000, lines: { quick: 2000, full: 20_000 } },
  { recipe: 'aws-user-personalization', factors: 32, least: 20_000, lines: { quick: 2000, full: 40_000 } },
  { recipe: 'aws-user-personalization', factors: 149, least: 20_000, lines: { quick: 2000, full: 40_000 } },
  { recipe: 'aws-similar-items', least: 20_000, lines: { quick: 5000, full: 200_000 } },
  { recipe: 'aws-popularity-count', least: 20_000, lines: { quick: 5000, full: 200_000 } },
];

/** Lines in, lines out, as the child process of a batch job does it: by processor time, without opening the model. */
export async function benchInference({ quick }: BenchOptions): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const results: BenchResult[] = [];
    for (const each of measured) results.push(await rateOf(folder, each, quick ? each.lines.quick : each.lines.full));
    results.push(...(await memoryOf(folder, quick ? 100_000 : 5_000_000)));
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rateOf(folder: string, { recipe, factors, least }: Measured, lines: number): Promise<BenchResult> {
  const model = await madeUpModel(folder, recipe, factors);
  const key = recipe === 'aws-similar-items' ? 'itemId' : 'userId';
  const id = key === 'itemId' ? (n: number) => itemId(n % size.items) : (n: number) => userId(n % size.users);
  const path = await writeLines(join(folder, 'lines.json'), lines, (n) => `{"${key}":"${id(n)}"}`);
  const task = taskOf(folder, model, path);
  await mkdir(join(folder, 'made'), { recursive: true });
  const score = await openInference(task);
  const run = () =>
    answerRanges(task, score, {
      progress: { report() {}, signal: new AbortController().signal },
      offerCheckpoint: (_, made) => rm(made),
    });
  await run(); // until the compiler has done its work
  const stopwatch = new Stopwatch();
  await run();
  const { seconds, cpuSeconds } = stopwatch.lap();
  const named = factors === undefined ? recipe : `${recipe}, ${factors} factors`;
  return {
    name: `batch: inference with ${named}`,
    value: lines / cpuSeconds,
    unit: 'users/s',
    ...(least !== undefined && { least }),
    detail: `${lines} lines, ${size.items} items, histories of ${size.history}, ${count} results, by processor time; ${Math.round(lines / seconds)} users/s by the clock`,
  };
}

/** What a child process holds after a tenth of the lines of a file, and after all. */
async function memoryOf(parent: string, lines: number): Promise<BenchResult[]> {
  const folder = join(parent, 'memory');
  const model = await madeUpModel(folder, 'aws-similar-items');
  const file = await writeLines(join(folder, 'lines.json'), lines, (n) => `{"itemId":"${itemId(n % size.items)}"}`);
  const peaks: number[] = [];
  let written = 0;
  const began = performance.now();
  await runBatch(
    'infer',
    { ...taskOf(folder, model, file), ranges: rangesOf(file) },
    {
      progress: { report() {}, signal: new AbortController().signal },
      async keepPart(_, made) {
        written += (await stat(made)).size;
        await rm(made);
        peaks.push(await peakOfChildren());
      },
    },
  );
  const seconds = (performance.now() - began) / 1000;
  // The process may be gone by the time its last part is taken.
  const [early = 0, late] = [peaks[Math.floor(peaks.length / 10)], Math.max(...peaks)];
  return [
    {
      name: 'batch: memory of a child process after all lines',
      value: late / 2 ** 20,
      unit: 'MiB',
      ratio: late / early,
      limit: 1.1,
      detail:
        `${lines} lines of aws-similar-items in ${Math.round(seconds)} s, ${Math.round(written / 2 ** 20)} MiB of output; ` +
        `peak after a tenth of them ${Math.round(early / 2 ** 20)} MiB`,
    },
  ];
}

function rangesOf({ path, bytes }: { readonly path: string; readonly bytes: number }): LineRange[] {
  return Array.from({ length: Math.ceil(bytes / rangeBytes) }, (_, n) => ({
    name: String(n).padStart(6, '0'),
    file: 0,
    path,
    begin: n * rangeBytes,
    end: Math.min(bytes, (n + 1) * rangeBytes),
  }));
}

const taskOf = (folder: string, model: string, { path, bytes }: { path: string; bytes: number }): InferenceTask => ({
  ranges: rangesOf({ path, bytes }),
  folder: join(folder, 'made'),
  temporaryFolder: join(folder, 'spilled'),
  model,
  count,
  startedAt: Date.now(),
  seed: 1,
  limits: { lineBytes: 10_000, itemsToRank: 500 },
});
