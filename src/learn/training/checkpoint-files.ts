import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointFiles } from './checkpoints.ts';

/** Time between the end of one writing and the beginning of the next: so long at least … */
const leastMs = 10_000;
/** … and so many times what the writing took. */
const timesTheWriting = 50;

type Folders = {
  /** Where the files of an earlier attempt lie. */
  readonly earlier: string | undefined;
  /** Where new ones are made, for `onKept` to take away: as long as one lies there, no other is made of its name. */
  readonly made: string;
};

export function checkpointFiles(
  { earlier, made }: Folders,
  onKept: (name: string, path: string) => Promise<void>,
  now = () => performance.now(),
): CheckpointFiles {
  let next = now() + leastMs;
  return {
    async find(name) {
      const path = earlier && join(earlier, name);
      return path !== undefined && (await exists(path)) ? path : undefined;
    },
    due: () => now() >= next,
    async keep(name, write) {
      const path = join(made, name);
      const began = now();
      if (!(await exists(path))) {
        await write(path);
        await onKept(name, path);
      }
      next = now() + Math.max(leastMs, timesTheWriting * (now() - began));
    },
  };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
