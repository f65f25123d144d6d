import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adam, constantRate, Scope, Trainer } from '../../src/learn/tensor/index.ts';
import { productShareOf } from '../product-share.ts';
import { batchesOf } from './batches.ts';
import { modelOf } from './model.ts';
import type { TransformerSettings } from './settings.ts';

/** A training of ours that waits for the number of steps to make. */
export type Training = {
  /** Takes so many steps: their seconds, and the last one's loss. */
  go(steps: number): Promise<{ readonly seconds: number; readonly loss: number }>;
  stop(): Promise<void>;
};

/** @param profile prefix of a file with the time of each operator, once it has stopped */
export async function startTraining(settings: TransformerSettings, profile?: string): Promise<Training> {
  const scope = Scope.root(1);
  const { loss, feeds } = modelOf(scope, settings);
  const trainer = await Trainer.create({
    scope,
    loss,
    optimiser: adam({ beta2: 0.98 }),
    rate: constantRate(1e-3),
    clipNorm: 5,
    execution: { threads: settings.threads, ...(profile !== undefined && { profile }) },
  });
  const batches = batchesOf(settings, 8);
  const go = async (steps: number) => {
    const started = performance.now();
    let last = Number.NaN;
    for (let step = 0; step < steps; step++) {
      const batch = batches[trainer.steps % batches.length];
      if (batch) last = await trainer.step(feeds(batch, trainer.steps));
    }
    return { seconds: (performance.now() - started) / 1000, loss: last };
  };
  await go(settings.warmUp);
  return { go, stop: async () => await trainer.release() };
}

/** Which part of what the operators of a step take is matrix products. */
export async function productShare(settings: TransformerSettings, steps: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const training = await startTraining(settings, join(folder, 'profile'));
    await training.go(steps);
    await training.stop();
    return await productShareOf(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
