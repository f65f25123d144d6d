import type { Progress } from '../progress.ts';
import { boundMemory } from './memory-bound.ts';
import { TaskError, type TaskOrder, type TaskReport, type Tasks } from './task.ts';

/** At most ten reports a second, besides those with figures. */
const reportEveryMs = 100;

/** What a task has beside its input. */
export type TaskTools = {
  readonly progress: Progress;
  /** Reports a checkpoint that is at a path, whole: it is taken away, and the path is free then. */
  offerCheckpoint(name: string, path: string): Promise<void>;
};

export type TaskFunctions<All extends Tasks> = {
  readonly [Name in keyof All]: (input: All[Name]['input'], tools: TaskTools) => Promise<All[Name]['result']>;
};

/**
 * The life of a child process of `runTask`: does the task that it is given, then ends. It ends when its parent is gone.
 */
export function performTasks<All extends Tasks>(functions: TaskFunctions<All>): void {
  process.on('disconnect', () => process.exit(1));
  process.once('message', async ({ name, input, memoryBytes }: TaskOrder) => {
    try {
      if (memoryBytes !== undefined) boundMemory(memoryBytes);
      const perform = functions[name];
      if (!perform) throw new Error(`There is no task ${name}.`);
      await send({ kind: 'done', result: await perform(input, tools()) });
    } catch (error) {
      const expected = error instanceof TaskError;
      const message =
        error instanceof Error ? ((expected ? error.message : error.stack) ?? error.message) : String(error);
      await send({ kind: 'failed', expected, message });
    }
    process.exit(0);
  });
}

function tools(): TaskTools {
  let reported = Number.NEGATIVE_INFINITY;
  return {
    progress: {
      report(fraction, note, figures) {
        const now = performance.now();
        if (now - reported < reportEveryMs && !figures) return;
        reported = now;
        send({ kind: 'progress', fraction, note, figures }).catch(() => process.exit(1));
      },
      // Who stops a task ends its process.
      signal: new AbortController().signal,
    },
    offerCheckpoint: (name, path) => send({ kind: 'checkpoint', name, path }),
  };
}

const send = (report: TaskReport<unknown>) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(report, (error: Error | null) => (error ? reject(error) : resolve()));
  });
