import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBuckets } from './buckets.ts';
import type { ObjectStore } from './object-store.ts';

let folder: string;
let bucket: ObjectStore;
const inBucket = (name: string) => join(folder, 'buckets', 'mine', name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'confinement-'));
  await mkdir(join(folder, 'buckets', 'mine', 'data'), { recursive: true });
  await writeFile(inBucket('data/x.csv'), 'a,b');
  await mkdir(join(folder, 'elsewhere', 'below'), { recursive: true });
  await writeFile(join(folder, 'elsewhere', 'secret.csv'), 'secret');
  bucket = (await openBuckets({ folder: join(folder, 'buckets') })).bucket('mine');
});
afterEach(() => rm(folder, { recursive: true }));

async function keysOf(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

it('neither reads, lists, lends, writes nor removes through links that lead out of a bucket', async () => {
  await symlink(join(folder, 'elsewhere'), inBucket('out'));
  await symlink(join(folder, 'elsewhere', 'secret.csv'), inBucket('data/file.csv'));
  await symlink('../../../elsewhere', inBucket('data/up'));
  await writeFile(join(folder, 'new'), 'new');
  const attempts: readonly (() => Promise<unknown>)[] = [
    ...['out/secret.csv', 'data/file.csv', 'data/up/secret.csv'].flatMap((key) => [
      () => bucket.head(key),
      () => bucket.read(key),
      () => bucket.localFile(key),
    ]),
    ...['out/', 'out/sec', 'data/', 'data/up/', ''].map((prefix) => () => keysOf(bucket, prefix)),
    ...['out/', 'data/', ''].map((prefix) => () => bucket.localFolder(prefix)),
    () => bucket.write('out/new.csv', 'x'),
    () => bucket.write('out/deeper/and/deeper/new.csv', 'x'),
    () => bucket.adopt('data/up/new.csv', join(folder, 'new')),
    () => bucket.remove('out/secret.csv'),
    () => bucket.removeAll('out/below/'),
  ];
  for (const attempt of attempts) {
    await expect(attempt(), attempt.toString()).rejects.toMatchObject({
      reason: 'forbidden',
      message: expect.stringMatching(/^s3:\/\/mine\/.* a link that leads out of the folder of its bucket/),
    });
  }
  expect(await readFile(join(folder, 'elsewhere', 'secret.csv'), 'utf8')).toBe('secret');
  expect(await readFile(join(folder, 'new'), 'utf8')).toBe('new');
});

it('follows links within a bucket, also the folder of the bucket itself, and leaves out those that lead nowhere', async () => {
  await symlink(inBucket('data'), inBucket('same'));
  await symlink(join(folder, 'nowhere'), inBucket('broken'));
  await symlink('..', inBucket('data/again'));
  await symlink(join(folder, 'buckets', 'mine'), join(folder, 'buckets', 'other'));
  expect(await keysOf(bucket)).toEqual(['data/x.csv', 'same/x.csv']);
  expect(await bucket.head('same/x.csv')).toEqual({ key: 'same/x.csv', bytes: 3 });
  await bucket.write('same/y.csv', 'y');
  expect(await readFile(inBucket('data/y.csv'), 'utf8')).toBe('y');
  const linked = (await openBuckets({ folder: join(folder, 'buckets') })).bucket('other');
  expect(await linked.head('data/x.csv')).toEqual({ key: 'data/x.csv', bytes: 3 });
});

it('replaces a link by what is written in its place, and not what it leads to', async () => {
  await symlink(join(folder, 'elsewhere', 'secret.csv'), inBucket('data/file.csv'));
  await bucket.write('data/file.csv', 'mine');
  expect(await readFile(join(folder, 'elsewhere', 'secret.csv'), 'utf8')).toBe('secret');
  expect(await readFile(inBucket('data/file.csv'), 'utf8')).toBe('mine');
});

it.skipIf(process.platform === 'win32')('says what is in the place of a file, and never waits for it', async () => {
  execFileSync('mkfifo', [inBucket('pipe.csv')]);
  const server = createServer().listen(inBucket('socket.csv'));
  await symlink('loop.csv', inBucket('loop.csv'));
  await symlink('/dev/null', inBucket('device.csv'));
  try {
    const kinds = {
      'pipe.csv': 'a named pipe',
      'socket.csv': 'a socket',
      'device.csv': 'a device',
      'loop.csv': 'leads to itself',
    };
    for (const [key, kind] of Object.entries(kinds)) {
      for (const attempt of [() => bucket.head(key), () => bucket.read(key), () => bucket.localFile(key)]) {
        await expect(attempt(), key).rejects.toMatchObject({
          reason: 'invalid-key',
          message: expect.stringMatching(new RegExp(`^s3://mine/${key} is.*${kind}`)),
        });
      }
    }
    await expect(keysOf(bucket)).rejects.toThrow(/s3:\/\/mine\/.*csv is/);
  } finally {
    server.close();
  }
  expect(await bucket.head('data')).toBeUndefined();
});
