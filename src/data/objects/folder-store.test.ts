import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcement } from '../../../test/support/announcement.ts';
import { fileProblem } from './file-problem.ts';
import { openStore } from './open-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const scratch = () => readdir(join(folder, '.tmp'));

describe('a folder store', () => {
  it('holds whole objects alone after its writer was killed, and sweeps what it left', async () => {
    const script = join(import.meta.dirname, '../../../test/fixtures/object-writer.ts');
    const writer = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(writer, 'exit');
    await announcement(writer.stdout, /half/);
    writer.kill('SIGKILL');
    await exit;
    expect(await scratch()).toHaveLength(1);
    const store = await openStore({ folder });
    expect(await scratch()).toEqual([]);
    const content = Buffer.concat(await (await store.read('models/m/model.bin')).toArray());
    expect(content.equals(Buffer.alloc(8 << 20, 1))).toBe(true);
  });

  it('leaves alone what a living process is writing there', async () => {
    const store = await openStore({ folder });
    const stranger = spawn('sleep', ['60']);
    const living = `${hostname()}-${stranger.pid}-00000000-0000-0000-0000-000000000000`;
    let swept: string[] = [];
    const slow = Readable.from(
      (async function* () {
        yield 'one ';
        await writeFile(join(folder, '.tmp', living), '');
        await openStore({ folder });
        swept = await scratch();
        yield 'two';
      })(),
    );
    await store.write('slow', slow);
    stranger.kill();
    expect(swept).toContain(living);
    expect(swept).toHaveLength(2);
    expect(await store.head('slow')).toEqual({ key: 'slow', bytes: 7 });
  });

  it.skipIf(process.platform !== 'linux')('closes a file that nobody reads to its end', async () => {
    const store = await openStore({ folder });
    await store.write('a', new Uint8Array(1 << 20));
    const openFiles = async () => (await readdir('/proc/self/fd')).length;
    const before = await openFiles();
    const streams = await Promise.all(Array.from({ length: 20 }, () => store.read('a')));
    for (const stream of streams) stream.destroy();
    await expect.poll(openFiles).toBeLessThan(before + 10);
  });

  it.skipIf(process.platform !== 'linux')('adopts a file from another disk', async () => {
    const store = await openStore({ folder });
    const elsewhere = await mkdtemp('/dev/shm/folder-store-');
    await writeFile(join(elsewhere, 'model.bin'), 'tensor');
    await store.adopt('model.bin', join(elsewhere, 'model.bin'));
    expect(await readdir(elsewhere)).toEqual([]);
    await rm(elsewhere, { recursive: true });
    expect(Buffer.concat(await (await store.read('model.bin')).toArray()).toString()).toBe('tensor');
    expect(await scratch()).toEqual([]);
  });

  it('hides unfinished objects from lists and from keys', async () => {
    const store = await openStore({ folder });
    await store.write('a', '');
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual(['a']);
    await expect(store.write('.tmp/x', '')).rejects.toMatchObject({ reason: 'invalid-key' });
  });

  it('removes the folders that a removed object leaves empty, under the hands of a writer', async () => {
    const store = await openStore({ folder });
    const work = async (name: string) => {
      for (let round = 0; round < 30; round += 1) {
        await store.write(`deep/down/${name}`, '');
        await store.remove(`deep/down/${name}`);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(work));
    expect((await readdir(folder)).filter((name) => name !== '.tmp')).toEqual([]);
  });

  it('refuses an object where a folder is, and the other way round', async () => {
    const store = await openStore({ folder });
    await store.write('a/b', '');
    await expect(store.write('a', '')).rejects.toMatchObject({ reason: 'invalid-key' });
    await expect(store.write('a/b/c', '')).rejects.toMatchObject({ reason: 'invalid-key' });
    await expect(store.write('a/b/c/d', '')).rejects.toMatchObject({ reason: 'invalid-key' });
    await expect(store.read('a')).rejects.toMatchObject({ reason: 'missing' });
    await expect(store.read('a/b/c')).rejects.toMatchObject({ reason: 'missing' });
    expect(await store.head('a')).toBeUndefined();
    await store.remove('a');
    expect(await store.head('a/b')).toEqual({ key: 'a/b', bytes: 0 });
    expect(await scratch()).toEqual([]);
  });
});

describe('errors of the disk', () => {
  it.skipIf(process.platform !== 'linux')('say that it is full', async () => {
    const error = await writeFile('/dev/full', 'x').catch((reason: unknown) => reason);
    const problem = fileProblem(error, 's3://mine/out.json');
    expect(problem).toMatchObject({
      reason: 'full',
      message: expect.stringMatching(/no space left to write s3:\/\/mine\/out\.json/),
    });
  });

  it.each([
    ['EACCES', 'forbidden'],
    ['EPERM', 'forbidden'],
    ['EROFS', 'forbidden'],
    ['EDQUOT', 'full'],
    ['ENOENT', 'missing'],
    ['ELOOP', 'invalid-key'],
    ['EIO', 'unreachable'],
  ])('%s is %s', (code, reason) => {
    const error = Object.assign(new Error(code), { code, syscall: 'open' });
    expect(fileProblem(error, '/x/y')).toMatchObject({
      reason,
      message: expect.stringContaining('/x/y'),
      cause: error,
    });
  });

  it('are told from defects', () => {
    expect(fileProblem(new TypeError('x is not a function'), '/x')).toBeUndefined();
  });
});
