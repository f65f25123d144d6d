import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ScratchFolder } from './scratch-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scratch-'));
});
afterEach(() => rm(folder, { recursive: true }));

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const ofOwnHost = `${hostname()}-${2 ** 22 + 1}-${id}`; // no system gives so large a process id
const ofAnotherHost = `elsewhere-1-${id}`;
const ofAPerson = ['thesis', 'training-2024', `copy of ${hostname()}-1`, '.hidden'];

async function given(names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'file'), 'content');
  }
}

it('removes what a process has left that is gone, and never what it does not name', async () => {
  await given([ofOwnHost, ofAnotherHost, ...ofAPerson]);
  await new ScratchFolder(folder).sweep();
  expect((await readdir(folder)).sort()).toEqual([ofAnotherHost, ...ofAPerson].sort());
});

it('removes what any other process has left where none can be at work, but not what is in use here', async () => {
  await given([ofOwnHost, ofAnotherHost, ...ofAPerson]);
  const used = new ScratchFolder(folder, { alone: true });
  await using path = await used.claim();
  await mkdir(path.path);
  await new ScratchFolder(folder, { alone: true }).sweep();
  expect((await readdir(folder)).sort()).toEqual([path.path.slice(folder.length + 1), ...ofAPerson].sort());
});
