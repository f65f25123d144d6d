import { mkdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathOf } from '../../data/encryption/file-path.ts';
import { type Death, runTask } from '../../util/child-task/run-task.ts';
import type { Progress } from '../../util/progress.ts';
import type { BatchTasks } from './batch-tasks.ts';

/** The entry two folders up, as source or as built. */
const worker = fileURLToPath(new URL(`../../batch-worker${extname(import.meta.url)}`, import.meta.url));

export type BatchRun = {
  readonly progress: Progress;
  /** Most memory that the process may take, in bytes. */
  readonly memoryBytes?: number | undefined;
  /**
   * Takes the output of a range away, named as by `partName`. Called for one range after another, in any order of the
   * plan, and each time before `runBatch` comes back.
   */
  readonly keepPart: (name: string, path: string) => Promise<void>;
};

/** `runBatch`, or what stands for it. */
export type RunBatch = typeof runBatch;

/**
 * Works on ranges of lines in a child process of one thread and low priority. Comes back when the output of each range
 * has been taken away; what was taken before an error stays.
 *
 * @throws TaskError for a task that cannot succeed, TaskDied, the signal's reason when it was stopped, and what
 *   `keepPart` throws: then the process is stopped, too
 */
export async function runBatch<Name extends keyof BatchTasks>(
  name: Name,
  task: BatchTasks[Name]['input'],
  { progress, memoryBytes, keepPart }: BatchRun,
): Promise<void> {
  progress.signal.throwIfAborted();
  const lost = new AbortController();
  /** Unlike a checkpoint, a part is wanted itself: the task is worth nothing without. */
  async function keepCheckpoint(part: string, path: string): Promise<void> {
    try {
      lost.signal.throwIfAborted();
      await keepPart(part, path);
    } catch (error) {
      lost.abort(error);
      throw error;
    }
  }
  const signal = AbortSignal.any([progress.signal, lost.signal]);
  const report: Progress['report'] = (...all) => {
    if (!lost.signal.aborted) progress.report(...all);
  };
  for (const folder of [pathOf(task.folder), task.temporaryFolder]) await mkdir(folder, { recursive: true });
  await runTask<BatchTasks, Name>(worker, name, task, {
    progress: { report, signal },
    keepCheckpoint,
    explain,
    // The collector would take other cores, and more time of the processor in all.
    nodeOptions: ['--single-threaded-gc'],
    ...(memoryBytes !== undefined && { memoryBytes }),
  });
}

const explain = ({ how, cause }: Death) =>
  `The process that works on the lines ${how} before they were done.${cause} ` +
  'Create the job again, on a machine with more memory if it happens again.';
