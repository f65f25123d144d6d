import { mkdir, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filePath, keyOf, pathOf } from '../../data/encryption/file-path.ts';
import { type Death, runTask } from '../../util/child-task/run-task.ts';
import type { Train } from './training.ts';
import type { TrainingTasks } from './training-tasks.ts';

/** The entry two folders up, as source or as built. */
const trainer = fileURLToPath(new URL(`../../trainer${extname(import.meta.url)}`, import.meta.url));

/**
 * The contract is `Train`'s. The model is made in `workFolder` and renamed, so that a half-made one is never at
 * `modelFolder`.
 */
export const train: Train = async ({ modelFolder, modelToUpdate, ...request }, progress, kept) => {
  progress.signal.throwIfAborted();
  const began = performance.now();
  const folder = filePath(join(pathOf(request.workFolder), 'model'), keyOf(modelFolder));
  const made = filePath(join(pathOf(request.workFolder), 'checkpoints'), kept?.key);
  const run = <Name extends keyof TrainingTasks>(name: Name, input: TrainingTasks[Name]['input']) =>
    runTask<TrainingTasks, Name>(trainer, name, input, { progress, keepCheckpoint: kept?.keep, explain });
  try {
    for (const each of [folder, made]) await mkdir(pathOf(each), { recursive: true });
    const checkpoints = kept && { earlier: kept.earlier, made };
    const metrics =
      modelToUpdate === undefined
        ? await run('train', { request, folder, checkpoints })
        : await run('update', { request, folder, model: modelToUpdate });
    await rename(pathOf(folder), pathOf(modelFolder));
    return { metrics, seconds: (performance.now() - began) / 1000 };
  } finally {
    for (const each of [folder, made]) await rm(pathOf(each), { recursive: true, force: true });
  }
};

const explain = ({ how, cause }: Death) =>
  `Create failed. The trainer ${how} before the training was done.${cause} ` +
  'Train again, on a machine with more memory if it happens again.';
