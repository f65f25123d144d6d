import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Watch } from '../data/watch.ts';
import type { TrainerMessage, TrainerTask } from './trainer-messages.ts';
import { type Train, TrainingError } from './training.ts';

/** How long a trainer that was asked to end may take before it is killed. */
const graceMs = 2000;

/** The entry one folder up, as source or as built. */
const trainer = fileURLToPath(new URL(`../trainer${extname(import.meta.url)}`, import.meta.url));

/** The contract is `Train`'s. The model is made in `workFolder` and renamed, so that a half-made one is never at `modelFolder`. */
export const train: Train = async ({ modelFolder, ...request }, watch) => {
  watch.signal.throwIfAborted();
  const began = performance.now();
  const folder = join(request.workFolder, 'model');
  try {
    await mkdir(folder, { recursive: true });
    const metrics = await runTrainer({ request, folder }, watch);
    await rename(folder, modelFolder);
    return { metrics, seconds: (performance.now() - began) / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function runTrainer(task: TrainerTask, watch: Watch): Promise<Readonly<Record<string, number>>> {
  const child = fork(trainer, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
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
      if (message.kind === 'progress') watch.progress(message.fraction, message.note);
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
