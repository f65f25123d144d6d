import { access } from 'node:fs/promises';
import { type FilePath, fileIn, pathOf } from '../../data/encryption/file-path.ts';
import type { CheckpointFiles } from './checkpoints.ts';

/** Time between the end of one writing and the beginning of the next: so long at least … */
const leastMs = 10_000;
/** … and so many times what the writing took. */
const timesTheWriting = 50;

type Folders = {
  /** Where the files of an earlier attempt lie. */
  readonly earlier: FilePath | undefined;
  /** Where new ones are made, for `onKept` to take away: as long as one lies there, no other is made of its name. */
  readonly made: FilePath;
};

export function checkpointFiles(
  { earlier, made }: Folders,
  onKept: (name: string, path: string) => Promise<void>,
  now = () => performance.now(),
): CheckpointFiles {
  let next = now() + leastMs;
  return {
    async find(name) {
      const file = earlier && fileIn(earlier, name);
      return file !== undefined && (await exists(pathOf(file))) ? file : undefined;
    },
    due: () => now() >= next,
    async keep(name, write) {
      const file = fileIn(made, name);
      const path = pathOf(file);
      const began = now();
      if (!(await exists(path))) {
        await write(file);
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
