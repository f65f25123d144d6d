import { mkdir, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTrainer } from './trainer-process.ts';
import type { Train } from './training.ts';

/** The entry one folder up, as source or as built. */
const trainer = fileURLToPath(new URL(`../../trainer${extname(import.meta.url)}`, import.meta.url));

/** The contract is `Train`'s. The model is made in `workFolder` and renamed, so that a half-made one is never at `modelFolder`. */
export const train: Train = async ({ modelFolder, ...request }, progress, kept) => {
  progress.signal.throwIfAborted();
  const began = performance.now();
  const folder = join(request.workFolder, 'model');
  const made = join(request.workFolder, 'checkpoints');
  try {
    for (const each of [folder, made]) await mkdir(each, { recursive: true });
    const checkpoints = kept && { earlier: kept.earlier, made };
    const metrics = await runTrainer(trainer, { request, folder, checkpoints }, progress, kept?.keep);
    await rename(folder, modelFolder);
    return { metrics, seconds: (performance.now() - began) / 1000 };
  } finally {
    for (const each of [folder, made]) await rm(each, { recursive: true, force: true });
  }
};
