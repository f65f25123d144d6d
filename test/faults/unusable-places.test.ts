import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';
import { smallDisk } from '../support/small-disk.ts';

/** What a server says that cannot start, and its exit code. */
async function refusal(options: readonly string[]): Promise<readonly [unknown, string]> {
  const program = runOpenPersonalize(['start', '--port', '0', ...options]);
  const [code] = await once(program.process, 'close');
  return [code, program.errors()];
}

const oneLine = (words: RegExp) => expect.stringMatching(new RegExp(`^[^\\n]*${words.source}[^\\n]*\\n$`));

test('a home that is a file is named in one sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-unusable-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true }));
  const home = join(folder, 'home');
  await writeFile(home, '');
  expect(await refusal(['--home', home])).toEqual([1, oneLine(/home cannot be made or used .*--home/)]);
});

test('a home or a store on a read-only disk is named in one sentence', async (context) => {
  await using disk = await smallDisk(40);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-unusable-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true }));
  const [home, other, another] = [join(disk.path, 'home'), join(folder, 'other'), join(folder, 'another')];
  const used = join(disk.path, 'used-store');
  for (const options of [[], ['--store', used]]) {
    const server = await startServerProcess({ home: options.length > 0 ? other : home, options });
    await server.stop();
  }
  await disk.makeReadOnly();
  const readOnly = /read-only/;
  for (const path of [home, join(disk.path, 'new')]) {
    expect(await refusal(['--home', path]), path).toEqual([1, oneLine(readOnly)]);
  }
  expect(await refusal(['--home', other, '--store', used])).toEqual([1, oneLine(readOnly)]);
  expect(await refusal(['--home', another, '--store', join(disk.path, 'store')])).toEqual([1, oneLine(readOnly)]);
});

test('a home or a store on a full disk is named in one sentence', async (context) => {
  await using disk = await smallDisk(1);
  if (disk === undefined) return context.skip('mounting a small disk needs the rights of root');
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-unusable-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(home, { recursive: true }));
  await mkdir(join(disk.path, 'store'));
  await writeFile(join(disk.path, 'filler'), Buffer.alloc(2 ** 20)).catch(() => {});
  const noSpace = /no space left/;
  expect(await refusal(['--home', join(disk.path, 'home')])).toEqual([1, oneLine(noSpace)]);
  expect(await refusal(['--home', home, '--store', join(disk.path, 'store')])).toEqual([1, oneLine(noSpace)]);
});
