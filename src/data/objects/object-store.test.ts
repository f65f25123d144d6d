import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startMoto } from '../../../test/support/moto.ts';
import { openBuckets } from './buckets.ts';
import { intactFile } from './checksums.ts';
import type { ObjectStore } from './object-store.ts';
import { openStore } from './open-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'store-'));
const cacheFolder = join(folder, 'cache');
const moto = await startMoto();
await moto?.createBucket('own');
await moto?.createBucket('users');
await mkdir(join(folder, 'buckets', 'users'), { recursive: true });
afterAll(async () => {
  await moto?.stop();
  await rm(folder, { recursive: true });
});

const endpoint = moto?.url ?? '';
const stores = [
  { name: 'a folder', missing: false, open: () => openStore({ folder: join(folder, 'store') }) },
  {
    name: 'a bucket folder',
    missing: false,
    open: async () => (await openBuckets({ folder: join(folder, 'buckets') })).bucket('users'),
  },
  {
    name: 'a place in a bucket',
    missing: moto === undefined,
    open: () => openStore({ bucket: 'own', prefix: '/deep/down/', endpoint, cacheFolder }),
  },
  {
    name: 'a bucket',
    missing: moto === undefined,
    open: async () => (await openBuckets({ endpoint, cacheFolder })).bucket('users'),
  },
];

async function contentOf(store: ObjectStore, key: string): Promise<string> {
  return Buffer.concat(await (await store.read(key)).toArray()).toString();
}

async function keysOf(store: ObjectStore, prefix: string, options?: { shallow: boolean }): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, options)) keys.push(key);
  return keys;
}

const byUtf8 = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

describe.each(stores)('$name', ({ open, missing }) => {
  let store: ObjectStore;

  beforeEach(async (context) => {
    if (missing) context.skip();
    store = await open();
    for (const key of await keysOf(store, '')) await store.remove(key);
  });

  it('gives an object as a file only if it holds what was written down', async () => {
    await store.write('data/rows', 'rows');
    const sha256 = 'bc51e9e65d79e1c90ba544ab2eae1044ccdf8c1af7a559ba375cba4276f7d99e';
    const expected = { bytes: 4, sha256, remedy: 'put it back' };
    await using whole = await intactFile(store, 'data/rows', expected);
    expect(await readFile(whole.path, 'utf8')).toBe('rows');
    await store.write('data/rows', 'cows');
    const location = store.location('data/rows');
    expect(location).toContain('data/rows');
    await expect(intactFile(store, 'data/rows', expected)).rejects.toMatchObject({
      reason: 'damaged',
      message: `${location} is damaged, as its checksum is not the one that was written down: put it back.`,
    });
    await store.write('data/rows', 'row');
    await expect(intactFile(store, 'data/rows', { ...expected, sha256: null })).rejects.toThrow('3 bytes instead of 4');
  });

  it('gives back text, bytes and streams, and replaces what was there', async () => {
    await store.write('text', 'häh?');
    await store.write('bytes', new Uint8Array([104, 105]));
    await store.write('a/stream', Readable.from(['one ', 'two']));
    await store.write('empty', Readable.from([]));
    expect(await contentOf(store, 'text')).toBe('häh?');
    expect(await contentOf(store, 'bytes')).toBe('hi');
    expect(await contentOf(store, 'a/stream')).toBe('one two');
    expect(await contentOf(store, 'empty')).toBe('');
    await store.write('text', 'new');
    expect(await contentOf(store, 'text')).toBe('new');
    expect(await store.head('text')).toEqual({ key: 'text', bytes: 3 });
  });

  it('writes a new object for one of many who try at once, and leaves it to nobody else', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
    const took = await Promise.all(names.map((name) => store.writeNew('a/mark', name)));
    expect(took.filter(Boolean)).toHaveLength(1);
    expect(await contentOf(store, 'a/mark')).toBe(names[took.indexOf(true)]);
    expect(await store.writeNew('a/mark', 'late')).toBe(false);
    expect(await keysOf(store, '')).toEqual(['a/mark']);
  });

  it('takes large objects as they stream', async () => {
    const piece = randomBytes(1 << 20);
    const pieces = 40;
    await store.write('large', Readable.from(Array.from({ length: pieces }, () => piece)));
    expect(await store.head('large')).toEqual({ key: 'large', bytes: pieces << 20 });
    const expected = createHash('sha256');
    for (let index = 0; index < pieces; index += 1) expected.update(piece);
    const found = createHash('sha256');
    for await (const chunk of await store.read('large')) found.update(chunk);
    expect(found.digest('hex')).toBe(expected.digest('hex'));
  });

  it('keeps nothing of a write whose content fails', async () => {
    await store.write('kept', 'old');
    const failing = () =>
      Readable.from(
        (async function* () {
          yield randomBytes(20 << 20); // more than a part of an upload
          throw new Error('the source broke');
        })(),
      );
    await expect(store.write('kept', failing())).rejects.toThrow('the source broke');
    await expect(store.write('never', failing())).rejects.toThrow('the source broke');
    expect(await contentOf(store, 'kept')).toBe('old');
    expect(await keysOf(store, '')).toEqual(['kept']);
  });

  it('adopts a finished file, which is gone after it', async () => {
    const path = join(folder, 'finished');
    await writeFile(path, 'parquet');
    await store.adopt('data/part-0.parquet', path);
    expect(await contentOf(store, 'data/part-0.parquet')).toBe('parquet');
    expect(existsSync(path)).toBe(false);
  });

  it('lists deep and shallow, in order of key, by any beginning', async () => {
    for (const key of ['b', 'a/z', 'a/b/c', 'a.txt', 'a-b', 'ab/c', 'a/b.txt']) await store.write(key, key);
    expect(await keysOf(store, '')).toEqual(['a-b', 'a.txt', 'a/b.txt', 'a/b/c', 'a/z', 'ab/c', 'b']);
    expect(await keysOf(store, '', { shallow: true })).toEqual(['a-b', 'a.txt', 'b']);
    expect(await keysOf(store, 'a/')).toEqual(['a/b.txt', 'a/b/c', 'a/z']);
    expect(await keysOf(store, 'a/', { shallow: true })).toEqual(['a/b.txt', 'a/z']);
    expect(await keysOf(store, 'a/b')).toEqual(['a/b.txt', 'a/b/c']);
    expect(await keysOf(store, 'a/b', { shallow: true })).toEqual(['a/b.txt']);
    expect(await keysOf(store, 'none/')).toEqual([]);
    for await (const { key, bytes } of store.list('')) expect(bytes).toBe(key.length);
  });

  it('holds any key that a user may have', async () => {
    const letters = fc.constantFrom(...'aZ09-_. !*\'()&$@=;:+,?#%<>"~[]{}|^`ü日😀');
    const segment = fc.string({ unit: letters, minLength: 1, maxLength: 12 }).filter((text) => !/^\.{1,2}$/.test(text));
    const keys = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        await store.write(key, key);
        expect(await contentOf(store, key)).toBe(key);
        expect(await keysOf(store, '')).toEqual([key]);
        await store.remove(key);
        expect(await store.head(key)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('removes by beginning of the key, and what is not there', async () => {
    for (const key of ['x/1', 'x/2', 'xy', 'y/1']) await store.write(key, '');
    await store.remove('x/1');
    await store.remove('x/1');
    await store.removeAll('nothing/');
    for (const prefix of ['', 'x']) {
      await expect(store.removeAll(prefix)).rejects.toMatchObject({ reason: 'invalid-key' });
    }
    await store.removeAll('x/');
    expect(await keysOf(store, '')).toEqual(['xy', 'y/1']);
  });

  it('lends files and folders to this machine', async () => {
    await store.write('model/model.json', '{}');
    await store.write('model/tensors/items.bin', 'tensor');
    await store.write('model.txt', 'not in the folder');
    let copy: string;
    {
      await using model = await store.localFolder('model/');
      copy = model.path;
      expect((await readdir(copy, { recursive: true })).sort()).toEqual(['model.json', 'tensors', 'tensors/items.bin']);
      expect(await readFile(join(copy, 'tensors/items.bin'), 'utf8')).toBe('tensor');
      await using file = await store.localFile('model/model.json');
      expect(file.path).toMatch(/model\.json$/);
      expect(await readFile(file.path, 'utf8')).toBe('{}');
    }
    expect(await contentOf(store, 'model/model.json')).toBe('{}');
    expect(existsSync(copy)).toBe(!copy.startsWith(cacheFolder));
    expect(existsSync(cacheFolder) ? await readdir(cacheFolder) : []).toEqual([]);
  });

  it('says which object is missing', async () => {
    const missing = { reason: 'missing', message: expect.stringContaining('no/such.csv') };
    expect(await store.head('no/such.csv')).toBeUndefined();
    await expect(store.read('no/such.csv')).rejects.toMatchObject(missing);
    await expect(store.localFile('no/such.csv')).rejects.toMatchObject(missing);
    await expect(store.localFolder('no/such.csv/')).rejects.toMatchObject(missing);
  });

  it.each(['../x', 'a/../../x', '/etc/passwd', '..', 'a/..', './a', 'a/', '', 'a\0b'])(
    'refuses the key %j',
    async (key) => {
      const refused = { reason: 'invalid-key' };
      await expect(store.write(key, 'x')).rejects.toMatchObject(refused);
      await expect(store.read(key)).rejects.toMatchObject(refused);
      await expect(store.head(key)).rejects.toMatchObject(refused);
      await expect(store.remove(key)).rejects.toMatchObject(refused);
      await expect(store.localFile(key)).rejects.toMatchObject(refused);
    },
  );

  it.each(['../', 'a/../../', '/etc/'])('refuses to list, remove or lend below %j', async (prefix) => {
    const refused = { reason: 'invalid-key' };
    await expect(keysOf(store, prefix)).rejects.toMatchObject(refused);
    await expect(store.removeAll(prefix)).rejects.toMatchObject(refused);
    await expect(store.localFolder(prefix)).rejects.toMatchObject(refused);
  });
});

describe.each([
  { name: 'folders', missing: false, buckets: () => openBuckets({ folder: join(folder, 'buckets') }) },
  { name: 'an S3 server', missing: moto === undefined, buckets: () => openBuckets({ endpoint, cacheFolder }) },
])('buckets in $name', ({ buckets, missing }) => {
  it.skipIf(missing)('say which bucket does not exist', async () => {
    const absent = (await buckets()).bucket('absent');
    const message = expect.stringMatching(/^The bucket absent does not exist(: [^/]+)?\.$/);
    const failure = { reason: 'missing', message };
    await expect(absent.read('data/x.csv')).rejects.toMatchObject(failure);
    await expect(absent.head('data/x.csv')).rejects.toMatchObject(failure);
    await expect(absent.write('data/x.csv', '')).rejects.toMatchObject(failure);
    await expect(absent.localFolder('data/')).rejects.toMatchObject(failure);
    await expect(keysOf(absent, 'data/')).rejects.toMatchObject(failure);
  });

  it.skipIf(missing)('name a missing object as the user does', async () => {
    const failure = { reason: 'missing', message: 'There is no object s3://users/data/x.csv.' };
    await expect((await buckets()).bucket('users').read('data/x.csv')).rejects.toMatchObject(failure);
  });

  it('refuse names that are no bucket', async () => {
    const opened = await buckets();
    for (const name of ['..', 'a/b', 'Upper', '', 'x', 'a..b'])
      expect(() => opened.bucket(name)).toThrow(/not the name of a bucket/);
  });
});

it.skipIf(!moto)(
  'pages through long lists of a bucket, and removes them',
  async () => {
    const store = await openStore({ bucket: 'own', prefix: 'long', endpoint, cacheFolder });
    const keys = Array.from({ length: 1050 }, (_, index) => `many/${index}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.write(key, '')));
    }
    await store.write('other', '');
    expect(await keysOf(store, 'many/')).toEqual(keys.sort(byUtf8));
    await store.removeAll('many/');
    expect(await keysOf(store, '')).toEqual(['other']);
  },
  60_000,
);

it.skipIf(!moto)('refuses a store in a bucket that does not exist', async () => {
  const opening = openStore({ bucket: 'absent', prefix: '', endpoint, cacheFolder });
  await expect(opening).rejects.toMatchObject({ reason: 'missing', message: 'The bucket absent does not exist.' });
});

it('says when the S3 server does not answer', async () => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
  const nowhere = (await openBuckets({ endpoint: 'http://127.0.0.1:1', cacheFolder })).bucket('users');
  await expect(nowhere.read('x')).rejects.toMatchObject({
    reason: 'unreachable',
    message: expect.stringMatching(/cannot be reached for s3:\/\/users\/x.*ECONNREFUSED/),
  });
});
