import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import type { Progress } from '../progress.ts';
import { overMemorySignal } from './memory-bound.ts';
import { TaskDied, TaskError, type TaskOrder, type TaskReport, type Tasks } from './task.ts';

/** How long a process that was asked to end may take before it is killed. */
const graceMs = 2000;

/**
 * How a process ended before its task did, such as `was ended by SIGKILL`, and a sentence on the cause if one is
 * likely.
 */
export type Death = { readonly how: string; readonly cause: string };

export type TaskOptions = {
  readonly progress: Progress;
  /** Most memory that the process may take, in bytes: beyond that it is ended. Unlimited unless given. */
  readonly memoryBytes?: number;
  /** Takes away a checkpoint that the task has made. */
  readonly keepCheckpoint?: ((name: string, path: string) => Promise<void>) | undefined;
  /** Options of Node for the process, such as `--single-threaded-gc`, beside those of this one. */
  readonly nodeOptions?: readonly string[] | undefined;
  /** How a death is explained to a person. */
  readonly explain: (death: Death) => string;
};

/**
 * Runs a task in a child process, so that one that dies or is stopped takes nothing with it. Comes back when the
 * process is gone and each checkpoint is kept.
 *
 * @param entry the script that performs the tasks (`performTasks`)
 * @throws TaskError as the task did, or if it took more memory than it may; TaskDied; the signal's reason when it was
 *   stopped (the process is gone within 5 s)
 */
export async function runTask<All extends Tasks, Name extends keyof All & string>(
  entry: string,
  name: Name,
  input: All[Name]['input'],
  options: TaskOptions,
): Promise<All[Name]['result']> {
  const { memoryBytes, explain, nodeOptions = [] } = options;
  const { signal } = options.progress;
  const child = fork(entry, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...nodeOptions],
  });
  const stop = () => end(child);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await outcomeOf<All[Name]['result']>(child, { name, input, memoryBytes }, options);
    signal.throwIfAborted();
    switch (outcome.kind) {
      case 'done':
        return outcome.result;
      case 'failed':
        throw outcome.expected ? new TaskError(outcome.message) : new Error(`The task failed. ${outcome.message}`);
      case 'died':
        if (outcome.signal === overMemorySignal && memoryBytes !== undefined) {
          const how = `was ended because it took more than ${(memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`;
          throw new TaskError(explain({ how, cause: '' }));
        }
        throw new TaskDied(explain(deathOf(outcome)));
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

type Exit = { readonly kind: 'died'; readonly code: number | null; readonly signal: NodeJS.Signals | null };
type Outcome<Result> = Extract<TaskReport<Result>, { kind: 'done' | 'failed' }> | Exit;

/** How the task ended, once the process is gone. */
function outcomeOf<Result>(child: ChildProcess, order: TaskOrder, options: TaskOptions): Promise<Outcome<Result>> {
  const { progress, keepCheckpoint = notAsked } = options;
  return new Promise((resolve, reject) => {
    let outcome: Outcome<Result> | undefined;
    let fraction = 0;
    let keeping = Promise.resolve();
    /** A task continues without what cannot be kept, and makes another one instead. */
    async function keepOne(name: string, path: string): Promise<void> {
      try {
        await keepCheckpoint(name, path);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        progress.report(fraction, `The checkpoint ${name} could not be kept: ${reason}`, {});
        await rm(path, { force: true });
      }
    }
    child.on('message', (report: TaskReport<Result>) => {
      if (report.kind === 'progress') {
        fraction = report.fraction;
        progress.report(fraction, report.note, report.figures);
      } else if (report.kind === 'checkpoint') {
        keeping = keeping.then(() => keepOne(report.name, report.path));
      } else {
        outcome = report;
      }
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      void keeping.then(() => resolve(outcome ?? { kind: 'died', code, signal }), reject);
    });
    // A process that is gone before it was given anything is reported by its exit.
    child.send(order, () => {});
  });
}

async function notAsked(name: string): Promise<void> {
  throw new Error(`Nobody asked for the checkpoint ${name}.`);
}

function deathOf({ code, signal }: Exit): Death {
  const ranOut = signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134;
  return {
    how: signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`,
    cause: ranOut ? ' The system may have run out of memory.' : '',
  };
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(killer));
}
