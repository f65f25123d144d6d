import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBuckets } from '../../data/objects/buckets.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import type { BucketQuestion } from './bucket-use.ts';
import { bucketsByRole } from './role-buckets.ts';

const use = { roleArn: undefined, source: { account: '123456789012', arn: 'arn:job' } };

/** Methods of a store, with the permission that each needs. */
const needs: readonly [string, (store: ObjectStore) => Promise<unknown>, string, string][] = [
  ['head', (store) => store.head('a/b'), 's3:GetObject', 'a/b'],
  ['read', (store) => store.read('a/b'), 's3:GetObject', 'a/b'],
  ['localFile', (store) => store.localFile('a/b'), 's3:GetObject', 'a/b'],
  ['localFolder', (store) => store.localFolder('a/'), 's3:GetObject', 'a/*'],
  ['list', (store) => keysOf(store.list('a/')), 's3:ListBucket', ''],
  ['write', (store) => store.write('a/b', 'x'), 's3:PutObject', 'a/b'],
  ['writeNew', (store) => store.writeNew('a/b', 'x'), 's3:PutObject', 'a/b'],
  ['adopt', (store) => store.adopt('a/b', 'x'), 's3:PutObject', 'a/b'],
  ['remove', (store) => store.remove('a/b'), 's3:DeleteObject', 'a/b'],
  ['removeAll', (store) => store.removeAll('a/'), 's3:DeleteObject', 'a/*'],
];

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'role-buckets-'));
  folder = join(home, 'buckets');
});
afterEach(() => rm(home, { recursive: true }));

it.each(needs)('asks before %s, and does nothing where that is denied', async (_name, run, action, key) => {
  const asked: BucketQuestion[] = [];
  const buckets = bucketsByRole(await openBuckets({ folder }), use, async (_use, question) => {
    asked.push(question);
    return { allowed: false, sentence: 'You may not.' };
  });
  await expect(run(buckets.bucket('films'))).rejects.toMatchObject({ reason: 'forbidden', message: 'You may not.' });
  expect(asked).toMatchObject([{ bucket: 'films', action, key }]);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

it('does what is allowed, and tells a list its prefix, so that a policy can limit it', async () => {
  const asked: BucketQuestion[] = [];
  const buckets = bucketsByRole(await openBuckets({ folder }), use, async (_use, question) => {
    asked.push(question);
    return { allowed: true };
  });
  await mkdir(join(folder, 'films'), { recursive: true });
  const films = buckets.bucket('films');
  await films.write('in/a.csv', 'a');
  expect(await keysOf(films.list('in/', { shallow: true }))).toEqual(['in/a.csv']);
  expect(asked[1]).toMatchObject({ keys: { 's3:prefix': 'in/', 's3:delimiter': '/' } });
});

async function keysOf(list: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of list) keys.push(key);
  return keys;
}
