/** The child process for work that must not run beside answers: one task, then it ends. */
import { constants, setPriority } from 'node:os';
import { forgetLines } from './data/deletion/forget-lines.ts';
import { isListed } from './data/deletion/listed-users.ts';
import { readUserList } from './data/deletion/read-user-list.ts';
import { ImportError } from './data/import/import-error.ts';
import type { DeletionTasks } from './learn/forgetting/deletion-tasks.ts';
import { forgetUsers } from './learn/model/forget-users.ts';
import { checkpointFiles } from './learn/training/checkpoint-files.ts';
import { runTraining } from './learn/training/run-training.ts';
import { runUpdate } from './learn/training/run-update.ts';
import type { TrainingTasks } from './learn/training/training-tasks.ts';
import { performTasks } from './util/child-task/perform-tasks.ts';
import { TaskError } from './util/child-task/task.ts';

// Tasks take every core for long: answers of the server beside them go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

performTasks<TrainingTasks & DeletionTasks>({
  train: ({ request, folder, checkpoints }, { progress, offerCheckpoint }) =>
    runTraining(request, folder, progress, checkpoints && checkpointFiles(checkpoints, offerCheckpoint)),
  update: ({ request, model, folder }, { progress }) => runUpdate(request, model, folder, progress),
  forgetUsers: async ({ model, users, folder }) => forgetUsers(model, await isListed(users), folder),
  forgetPropensities: async ({ folder, users, ownerArns }) => {
    const isTheirs = await isListed(users);
    const owners = new Set(ownerArns);
    await forgetLines(folder, ({ campaignArn, userId }) => owners.has(campaignArn) && isTheirs(userId));
    return true;
  },
  listUsers: async ({ files, folder }) => {
    try {
      const { parts, users } = await readUserList(files, folder);
      return { parts, users };
    } catch (error) {
      throw error instanceof ImportError ? new TaskError(error.message) : error;
    }
  },
});
