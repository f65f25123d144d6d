import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { MisbehavingTasks } from './run-task.fixture.ts';
import { type Death, runTask, type TaskOptions } from './run-task.ts';
import { TaskDied, TaskError } from './task.ts';

const entry = fileURLToPath(new URL('./run-task.fixture.ts', import.meta.url));
const unwatched = { report: () => {}, signal: new AbortController().signal };
const explain = ({ how, cause }: Death) => `The worker ${how}.${cause}`;

const run = <Name extends keyof MisbehavingTasks>(
  name: Name,
  input: MisbehavingTasks[Name]['input'],
  options: Partial<TaskOptions> = {},
) => runTask<MisbehavingTasks, Name>(entry, name, input, { progress: unwatched, explain, ...options });

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('runTask', () => {
  it('answers what the task has answered, and reports how far it was', async () => {
    const reports: unknown[] = [];
    const progress = { ...unwatched, report: (...report: unknown[]) => reports.push(report) };
    expect(await run('adding', { numbers: [1, 2, 3] }, { progress })).toBe(6);
    expect(reports).toEqual([[0.5, 'adding', { loss: 1 }]]);
  });

  it('says that a process was killed, by what, and the likely cause', async () => {
    const failure = run('killed', {});
    await expect(failure).rejects.toThrow(TaskDied);
    await expect(failure).rejects.toThrow(/^The worker was ended by SIGKILL\..*memory/);
  });

  it('says that a process ended by itself, and its exit code', async () => {
    await expect(run('crashing', {})).rejects.toThrow('The worker ended with exit code 7.');
  });

  it('throws a defect of the task as a defect, with its stack', async () => {
    const failure = run('failing', {});
    await expect(failure).rejects.toThrow(/TypeError: a defect\n.*run-task\.fixture/);
    await expect(failure).rejects.not.toThrow(TaskError);
  });

  it('throws the sentence of a task that cannot succeed', async () => {
    const failure = run('refusing', {});
    await expect(failure).rejects.toThrow(TaskError);
    await expect(failure).rejects.toThrow(/^There is too little of it\.$/);
  });

  it('ends a process that takes more memory than it may, however busy it is, and says so', async () => {
    const failure = run('greedy', {}, { memoryBytes: 300 * 2 ** 20 });
    await expect(failure).rejects.toThrow(TaskError);
    await expect(failure).rejects.toThrow('The worker was ended because it took more than 0.3 GiB of memory.');
  });

  it('leaves a process alone that takes no more memory than it may', async () => {
    expect(await run('adding', { numbers: [1] }, { memoryBytes: 2 ** 32 })).toBe(1);
  });

  it('keeps checkpoints, and has a task go on whose checkpoint cannot be kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'task-'));
    const notes: string[] = [];
    const progress = { ...unwatched, report: (_: number, note: string) => notes.push(note) };
    const refused = join(folder, 'refused');
    const keepCheckpoint = async (name: string, path: string) => {
      if (path === refused) throw new Error('The disk is full.');
      await rename(path, join(folder, name));
    };
    const paths = [refused, join(folder, 'made')];
    expect(await run('saving', { paths }, { progress, keepCheckpoint })).toBe('done');
    expect(notes).toEqual(['The checkpoint half could not be kept: The disk is full.']);
    expect(await readdir(folder)).toEqual(['half']);
    await rm(folder, { recursive: true });
  });

  it('is rid of a process that ignores SIGTERM', async () => {
    const stop = new AbortController();
    let pid = 0;
    const started = Promise.withResolvers<void>();
    const progress = {
      signal: stop.signal,
      report(_: number, note: string) {
        pid = Number(note);
        started.resolve();
      },
    };
    const task = run('stubborn', {}, { progress });
    await started.promise;
    stop.abort(new Error('stopped by a test'));
    await expect(task).rejects.toThrow('stopped by a test');
    expect(isRunning(pid)).toBe(false);
  });
});

describe('the process', () => {
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
