import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/database.ts';
import { openHome } from './home-folder.ts';

const markName = 'openpersonalize-home.json';
let folder: string;
let home: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'home-'));
  home = join(folder, 'deep', 'home');
});
afterEach(() => rm(folder, { recursive: true }));

/** A home with files of these names, and folders where a name ends in `/`. */
async function given(names: readonly string[]): Promise<void> {
  await mkdir(home, { recursive: true });
  for (const name of names) {
    await mkdir(name.endsWith('/') ? join(home, name) : dirname(join(home, name)), { recursive: true });
    if (!name.endsWith('/')) await writeFile(join(home, name), 'content');
  }
}

it('is made and marked where there is none, and opened again whatever is in it then', async () => {
  await openHome(home);
  expect(await readdir(home)).toEqual([markName]);
  await given(['notes.txt', 'datasets/mine.csv', 'work/mine/']);
  await openHome(home);
  await openHome(home);
});

it('is open to its owner alone if it is made, and else as it was', async () => {
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
  await openHome(home);
  expect(await modeOf(home)).toBe(0o700);
  expect((await modeOf(dirname(home))) & 0o700).toBe(0o700);
  const database = await openDatabase({ file: join(home, 'openpersonalize.db') });
  for (const name of ['openpersonalize.db', 'openpersonalize.db-wal']) {
    expect((await modeOf(join(home, name))) & 0o077).toBe(0);
  }
  await database.close();
  const own = join(folder, 'own');
  await mkdir(own);
  await chmod(own, 0o750);
  await openHome(own);
  expect(await modeOf(own)).toBe(0o750);
});

it.each([
  ['an empty folder', []],
  ['buckets that were made for it', ['buckets/films/interactions.csv']],
  ['a disk of its own', ['lost+found/']],
  ['a folder that a Mac has shown', ['.DS_Store', 'buckets/']],
  ['a home of version 0.1', ['openpersonalize.db', 'store/models/x/1/model.json', 'work/', 'my notes.txt']],
  [
    'a home of version 0.1 whose database is elsewhere',
    [
      ...['work/training-12-1/', 'work/compaction-3-0f8fad5b-d9cb-469f-a165-70867728950e/', 'cache/store/'],
      ...['work/histories-0f8fad5b-d9cb-469f-a165-70867728950e/', 'store/datasets/a/1/part-00000.parquet'],
    ],
  ],
])('takes %s', async (_case, names) => {
  await given(names);
  await openHome(home);
  expect(await readdir(home)).toContain(markName);
});

it.each([
  ['a project', ['datasets/a.csv', 'models/b.bin', 'work/c.txt', 'package.json'], 'datasets'],
  ['a folder with one file', ['notes.txt'], 'notes.txt'],
  ["a person's work", ['work/thesis.txt'], join('work', 'thesis.txt')],
  ["a person's work in a folder", ['buckets/', 'work/training-2024/'], join('work', 'training-2024')],
])('refuses %s, and makes nothing in it', async (_case, names, stranger) => {
  await given(names);
  const before = await readdir(home, { recursive: true });
  await expect(openHome(home)).rejects.toThrow(
    new RegExp(`The folder ${home} is no home of a server: it has ${stranger}, .* --home`),
  );
  expect(await readdir(home, { recursive: true })).toEqual(before);
});
