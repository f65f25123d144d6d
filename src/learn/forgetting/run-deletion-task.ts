import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Death, runTask } from '../../util/child-task/run-task.ts';
import type { Progress } from '../../util/progress.ts';
import type { DeletionTasks } from './deletion-tasks.ts';

/** The entry two folders up, as source or as built. */
const trainer = fileURLToPath(new URL(`../../trainer${extname(import.meta.url)}`, import.meta.url));

/** Runs a task of a data deletion job in a child process. @throws as `runTask` does */
export const runDeletionTask = <Name extends keyof DeletionTasks>(
  name: Name,
  input: DeletionTasks[Name]['input'],
  progress: Progress,
): Promise<DeletionTasks[Name]['result']> => runTask<DeletionTasks, Name>(trainer, name, input, { progress, explain });

const explain = ({ how, cause }: Death) =>
  `The process that deletes users ${how} before it was done.${cause} Create the job again, on a machine with more ` +
  'memory if it happens again.';
