/** The child process for work that must not run beside answers: one task, then it ends. */
import { constants, setPriority } from 'node:os';
import { checkpointFiles } from './learn/training/checkpoint-files.ts';
import { runTraining } from './learn/training/run-training.ts';
import { runUpdate } from './learn/training/run-update.ts';
import type { TrainingTasks } from './learn/training/training-tasks.ts';
import { performTasks } from './util/child-task/perform-tasks.ts';

// Tasks take every core for long: answers of the server beside them go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

performTasks<TrainingTasks>({
  train: ({ request, folder, checkpoints }, { progress, offerCheckpoint }) =>
    runTraining(request, folder, progress, checkpoints && checkpointFiles(checkpoints, offerCheckpoint)),
  update: ({ request, model, folder }, { progress }) => runUpdate(request, model, folder, progress),
});
