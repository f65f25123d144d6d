import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runTrainer } from './trainer-process.ts';
import { unwatched } from './training.fixture.ts';
import { serviceTrainingLimits, TrainerDied, TrainingError } from './training.ts';

const entry = fileURLToPath(new URL('./trainer-process.fixture.ts', import.meta.url));

const taskOf = (recipe: string) => ({
  folder: '',
  request: {
    recipe,
    parameters: {},
    interactions: { schema: { fields: [] }, files: [] },
    limits: serviceTrainingLimits,
    seed: 1,
    workFolder: '',
  },
});

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('runTrainer', () => {
  it('says that a trainer was killed, by what, and what to do', async () => {
    const failure = runTrainer(entry, taskOf('killed'), unwatched);
    await expect(failure).rejects.toThrow(TrainerDied);
    await expect(failure).rejects.toThrow(/was ended by SIGKILL.*memory/);
  });

  it('says that a trainer ended by itself, and its exit code', async () => {
    await expect(runTrainer(entry, taskOf('crashing'), unwatched)).rejects.toThrow('ended with exit code 7');
  });

  it('throws a defect of the trainer as a defect', async () => {
    const failure = runTrainer(entry, taskOf('failing'), unwatched);
    await expect(failure).rejects.toThrow('a defect');
    await expect(failure).rejects.not.toThrow(TrainingError);
  });

  it('is rid of a trainer that ignores SIGTERM', async () => {
    const stop = new AbortController();
    let pid = 0;
    const started = Promise.withResolvers<void>();
    const training = runTrainer(entry, taskOf('stubborn'), {
      signal: stop.signal,
      report(_, note) {
        pid = Number(note);
        started.resolve();
      },
    });
    await started.promise;
    stop.abort(new Error('stopped by a test'));
    await expect(training).rejects.toThrow('stopped by a test');
    expect(isRunning(pid)).toBe(false);
  });
});

describe('the trainer', () => {
  it('ends when its parent is gone', async () => {
    const trainer = fileURLToPath(new URL('../../trainer.ts', import.meta.url));
    const script = `process.stdout.write(String(require('node:child_process').fork(${JSON.stringify(trainer)}).pid)); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = await once(parent.stdout, 'data').then(([data]) => [Number(String(data))]);
    expect(pid && isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => pid && isRunning(pid)).toBe(false);
  });
});
