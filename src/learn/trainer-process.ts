import { type ChildProcess, fork } from 'node:child_process';
import type { Watch } from '../data/watch.ts';
import type { TrainerMessage, TrainerTask } from './trainer-messages.ts';
import { TrainingError } from './training.ts';

/** How long a trainer that was asked to end may take before it is killed. */
const graceMs = 2000;

/**
 * Runs `entry` in a child process on a task, and comes back when that process is gone.
 *
 * @returns the metrics
 * @throws TrainingError if the data did not suffice or the process died; the signal's reason when it was stopped
 */
export async function runTrainer(
  entry: string,
  task: TrainerTask,
  watch: Watch,
): Promise<Readonly<Record<string, number>>> {
  const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const stop = () => stopTrainer(child);
  watch.signal.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await outcomeOf(child, task, watch);
    watch.signal.throwIfAborted();
    if (outcome.kind === 'done') return outcome.metrics;
    throw outcome.expected ? new TrainingError(outcome.message) : new Error(`The trainer failed. ${outcome.message}`);
  } finally {
    watch.signal.removeEventListener('abort', stop);
  }
}

type Outcome = Exclude<TrainerMessage, { kind: 'progress' }>;

/** How the training ended, once the process is gone. */
function outcomeOf(child: ChildProcess, task: TrainerTask, watch: Watch): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let outcome: Outcome | undefined;
    child.on('message', (message: TrainerMessage) => {
      if (message.kind === 'progress') watch.progress(message.fraction, message.note, message.figures);
      else outcome = message;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(outcome ?? died(code, signal)));
    // A trainer that is gone before it was told anything is reported by its exit.
    child.send(task, () => {});
  });
}

function died(code: number | null, signal: NodeJS.Signals | null): Outcome {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const why =
    signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134 ? ' The system may have run out of memory.' : '';
  const message = `Create failed. The trainer ${how} before the training was done.${why} Train again, on a machine with more memory if it happens again.`;
  return { kind: 'failed', expected: true, message };
}

function stopTrainer(child: ChildProcess): void {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(killer));
}
