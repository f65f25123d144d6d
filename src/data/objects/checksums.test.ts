import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checksumOf } from './checksums.ts';

const sha256 = 'bc51e9e65d79e1c90ba544ab2eae1044ccdf8c1af7a559ba375cba4276f7d99e';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checksums-'));
  path = join(folder, 'file');
  await writeFile(path, 'rows');
});
afterEach(() => rm(folder, { recursive: true }));

it('is the size and the SHA-256 of a file, and another for a file that was overwritten in place', async () => {
  expect(await checksumOf(path)).toEqual({ bytes: 4, sha256 });
  await writeFile(path, 'cows');
  await utimes(path, 1, 1);
  expect((await checksumOf(path)).sha256).not.toBe(sha256);
});

it('is remembered for a file that has not changed', async () => {
  await utimes(path, 1, 1);
  await checksumOf(path);
  // The same inode, size and time: what has no sign of a change is not read again.
  await writeFile(path, 'cows');
  await utimes(path, 1, 1);
  expect(await stat(path)).toMatchObject({ size: 4, mtimeMs: 1000 });
  expect((await checksumOf(path)).sha256).toBe(sha256);
});
