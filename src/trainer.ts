/** The trainer: a child process that `train` starts for one training. It ends with it, and when its parent is gone. */
import { constants, setPriority } from 'node:os';
import { checkpointFiles } from './learn/training/checkpoint-files.ts';
import { runTraining } from './learn/training/run-training.ts';
import { runUpdate } from './learn/training/run-update.ts';
import type { TrainerMessage, TrainerTask } from './learn/training/trainer-messages.ts';
import { TrainingError } from './learn/training/training.ts';
import type { Progress } from './util/progress.ts';

const send = (message: TrainerMessage) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });

/** At most ten reports a second, besides those with figures. */
const reportEveryMs = 100;

function watchFor(): Progress {
  let reported = 0;
  return {
    report(fraction, note, figures) {
      const now = performance.now();
      if (now - reported < reportEveryMs && !figures) return;
      reported = now;
      send({ kind: 'progress', fraction, note, figures }).catch(() => process.exit(1));
    },
    // Who stops a trainer ends its process.
    signal: new AbortController().signal,
  };
}

// Training takes every core for long: answers of the server beside it go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

process.on('disconnect', () => process.exit(1));
process.once('message', async ({ request, folder, checkpoints }: TrainerTask) => {
  try {
    const files = checkpoints && checkpointFiles(checkpoints, (name) => send({ kind: 'checkpoint', name }));
    const metrics =
      request.modelToUpdate === undefined
        ? await runTraining(request, folder, watchFor(), files)
        : await runUpdate(request, request.modelToUpdate, folder, watchFor());
    await send({ kind: 'done', metrics });
  } catch (error) {
    const expected = error instanceof TrainingError;
    const message =
      error instanceof Error ? ((expected ? error.message : error.stack) ?? error.message) : String(error);
    await send({ kind: 'failed', expected, message });
  }
  process.exit(0);
});
