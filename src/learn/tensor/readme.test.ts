import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from './reference/temporary-folder.fixture.ts';
import { readSafetensors } from './safetensors.ts';

test('the example of the README does what it says', async () => {
  await using folder = await temporaryFolder();
  const readme = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const program = join(folder.path, 'example.mts');
  await writeFile(program, example.replace('./index.ts', new URL('./index.ts', import.meta.url).href));
  const { stdout } = await promisify(execFile)(process.execPath, [program, folder.path]);
  // The rule is + 7, and the last of eight items is 7 · 7.
  expect(stdout).toBe('after 9 comes 6\n');
  expect((await readdir(folder.path)).sort()).toEqual(['example.mts', 'score.onnx', 'weights.safetensors']);
  expect(Object.keys(await readSafetensors(join(folder.path, 'weights.safetensors')))).toContain('items.table');
});
