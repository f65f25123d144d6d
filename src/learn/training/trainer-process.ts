import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../util/progress.ts';
import type { TrainerMessage, TrainerTask } from './trainer-messages.ts';
import { type KeptCheckpoints, TrainerDied, TrainingError } from './training.ts';

/** How long a trainer that was asked to end may take before it is killed. */
const graceMs = 2000;

/**
 * Runs `entry` in a child process on a task, and comes back when that process is gone and each checkpoint is kept.
 *
 * @returns the metrics
 * @throws TrainingError if the data did not suffice, TrainerDied; the signal's reason when it was stopped
 */
export async function runTrainer(
  entry: string,
  task: TrainerTask,
  progress: Progress,
  keep: KeptCheckpoints['keep'] = notAsked,
): Promise<Readonly<Record<string, number>>> {
  const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const stop = () => stopTrainer(child);
  progress.signal.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await outcomeOf(child, task, progress, keep);
    progress.signal.throwIfAborted();
    if (outcome.kind === 'done') return outcome.metrics;
    if (outcome.kind === 'died') throw new TrainerDied(outcome.message);
    throw outcome.expected ? new TrainingError(outcome.message) : new Error(`The trainer failed. ${outcome.message}`);
  } finally {
    progress.signal.removeEventListener('abort', stop);
  }
}

async function notAsked(name: string): Promise<void> {
  throw new Error(`Nobody asked for the checkpoint ${name}.`);
}

type Outcome =
  | Extract<TrainerMessage, { kind: 'done' | 'failed' }>
  | { readonly kind: 'died'; readonly message: string };

/** How the training ended, once the process is gone. */
function outcomeOf(
  child: ChildProcess,
  task: TrainerTask,
  progress: Progress,
  keep: KeptCheckpoints['keep'],
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let outcome: Outcome | undefined;
    let fraction = 0;
    let keeping = Promise.resolve();
    /** A training goes on without what cannot be kept, and makes another in its place. */
    async function keepOne(name: string): Promise<void> {
      const path = join(task.checkpoints?.made ?? '', name);
      try {
        await keep(name, path);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        progress.report(fraction, `The checkpoint ${name} could not be kept: ${reason}`, {});
        await rm(path, { force: true });
      }
    }
    child.on('message', (message: TrainerMessage) => {
      if (message.kind === 'progress') {
        fraction = message.fraction;
        progress.report(fraction, message.note, message.figures);
      } else if (message.kind === 'checkpoint') {
        keeping = keeping.then(() => keepOne(message.name));
      } else {
        outcome = message;
      }
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => void keeping.then(() => resolve(outcome ?? died(code, signal)), reject));
    // A trainer that is gone before it was told anything is reported by its exit.
    child.send(task, () => {});
  });
}

function died(code: number | null, signal: NodeJS.Signals | null): Outcome {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const why =
    signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134 ? ' The system may have run out of memory.' : '';
  const message = `Create failed. The trainer ${how} before the training was done.${why} Train again, on a machine with more memory if it happens again.`;
  return { kind: 'died', message };
}

function stopTrainer(child: ChildProcess): void {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(killer));
}
