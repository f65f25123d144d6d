import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type SmallDisk = AsyncDisposable & {
  readonly path: string;
  makeReadOnly(): Promise<void>;
};

/** A disk of a few megabytes, unmounted and gone in the end; undefined where this user may mount none. */
export async function smallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'openpersonalize-small-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  } catch (cause) {
    await rm(path, { recursive: true });
    if (process.env.CI)
      throw new Error('No small disk could be mounted, and this check must not be skipped.', { cause });
    return undefined;
  }
  return {
    path,
    async makeReadOnly() {
      await run('mount', ['-o', 'remount,ro', path]);
    },
    async [Symbol.asyncDispose]() {
      await run('umount', ['--lazy', path]);
      await rm(path, { recursive: true });
    },
  };
}
