/** A process whose tasks misbehave, for the tests of who runs it. */
import { writeFile } from 'node:fs/promises';
import { performTasks } from './perform-tasks.ts';
import { TaskError } from './task.ts';

type Nothing = { readonly input: object; readonly result: never };

export type MisbehavingTasks = {
  adding: { readonly input: { readonly numbers: readonly number[] }; readonly result: number };
  killed: Nothing;
  crashing: Nothing;
  failing: Nothing;
  refusing: Nothing;
  stubborn: Nothing;
  greedy: { readonly input: object; readonly result: number };
  saving: { readonly input: { readonly paths: readonly string[] }; readonly result: string };
};

const forever = () => new Promise<never>(() => setInterval(() => {}, 1000));

performTasks<MisbehavingTasks>({
  async adding({ numbers }, { progress }) {
    progress.report(0.5, 'adding', { loss: 1 });
    return numbers.reduce((sum, number) => sum + number, 0);
  },
  async killed() {
    process.kill(process.pid, 'SIGKILL');
    return await forever();
  },
  crashing: async () => process.exit(7),
  async failing() {
    throw new TypeError('a defect');
  },
  async refusing() {
    throw new TaskError('There is too little of it.');
  },
  async stubborn(_, { progress }) {
    process.on('SIGTERM', () => {});
    progress.report(0.5, String(process.pid));
    return await forever();
  },
  /** Takes 2 GiB outside the heap, without a pause. */
  async greedy() {
    return Array.from({ length: 2048 }, () => Buffer.alloc(2 ** 20, 1)).length;
  },
  async saving({ paths }, { offerCheckpoint }) {
    for (const path of paths) {
      await writeFile(path, 'half of the work');
      await offerCheckpoint('half', path);
    }
    return 'done';
  },
});
