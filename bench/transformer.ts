import { availableParallelism } from 'node:os';
import { median } from './median.ts';
import { startTorch } from './peers/torch.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { catalogues, type TransformerSettings } from './transformer/settings.ts';
import { productShare, startTraining } from './transformer/training.ts';

/** How often the two take turns, so that what else the machine does meets both. */
const turns = 5;
/** Seconds that a turn of ours takes, about. */
const turn = 0.8;

/** Training steps of the flagship's transformer beside PyTorch: the same shapes, optimiser, clipping and threads. */
export async function benchTransformer({ quick }: BenchOptions): Promise<BenchResult[]> {
  const threads = [...new Set([1, availableParallelism()])];
  const results: BenchResult[] = [];
  for (const catalogue of quick ? catalogues.slice(0, 1) : catalogues) {
    for (const each of threads) results.push(await beside({ ...catalogue, threads: each }, quick));
    results.push(await shareOf({ ...catalogue, threads: 1 }, quick));
  }
  return results;
}

async function beside(settings: TransformerSettings, quick: boolean): Promise<BenchResult> {
  const ours = await startTraining(settings);
  const theirs = await startTorch(settings);
  const first = await ours.go(1);
  await theirs.go(1);
  const steps = quick ? 1 : Math.max(3, Math.round(turn / first.seconds));
  const seconds = { ours: [] as number[], theirs: [] as number[] };
  const loss = { ours: Number.NaN, theirs: Number.NaN };
  for (let n = 0; n < (quick ? 1 : turns); n++) {
    for (const [who, training] of [
      ['ours', ours],
      ['theirs', theirs],
    ] as const) {
      const took = await training.go(steps);
      seconds[who].push(took.seconds / steps);
      loss[who] = took.loss;
    }
  }
  await Promise.all([ours.stop(), theirs.stop()]);
  const tokens = settings.rows * settings.length;
  const [here, there] = [tokens / median(seconds.ours), tokens / median(seconds.theirs)];
  return {
    name: `transformer: ${settings.items} items, ${settings.threads} thread${settings.threads > 1 ? 's' : ''}`,
    value: here,
    unit: 'tokens/s',
    ratio: here / there,
    least: 1,
    detail: [
      `${settings.rows} × ${settings.length} tokens, width ${settings.width}, ${settings.blocks} blocks, ${softmaxOf(settings)}`,
      `${(1000 * median(seconds.ours)).toFixed(1)} ms a step, PyTorch ${(1000 * median(seconds.theirs)).toFixed(1)} ms`,
      `loss ${loss.ours.toFixed(2)}, PyTorch's ${loss.theirs.toFixed(2)}`,
    ].join('; '),
  };
}

async function shareOf(settings: TransformerSettings, quick: boolean): Promise<BenchResult> {
  return {
    name: `transformer: ${settings.items} items, share of matrix products`,
    value: 100 * (await productShare(settings, quick ? 2 : 20)),
    unit: '%',
    detail: 'of what the operators of a step take, 1 thread',
  };
}

const softmaxOf = ({ items, negatives }: TransformerSettings) =>
  negatives === 0
    ? `softmax over all ${items}`
    : `softmax over ${negatives} of ${items}, of whose rows a step updates the touched`;
