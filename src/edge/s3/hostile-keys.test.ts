import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codeOf, startS3 } from './s3.fixture.ts';

/** A server with a bucket, a file beside the buckets, and links in the bucket that lead to it. */
async function startWithSecret() {
  const s3 = await startS3();
  const root = join(s3.folder, 'mine');
  await mkdir(join(root, 'data'), { recursive: true });
  await writeFile(join(root, 'data', 'x.csv'), 'x');
  await mkdir(join(s3.home, 'outside'));
  await writeFile(join(s3.home, 'outside', 'secret.csv'), 'hidden words');
  await symlink(join(s3.home, 'outside'), join(root, 'out'));
  await symlink('../../../outside/secret.csv', join(root, 'data', 'link.csv'));
  await symlink('loop', join(root, 'loop'));
  return s3;
}

/** Everything below a folder but what is written down about buckets and objects. */
async function treeOf(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((path) => !path.split('/').includes('.tmp')).sort();
}

const dots = ['..', '.', '%2e%2e', '%2E%2e', '.%2e', '%252e%252e', '..%2f', '..%5c', '..%00', '%c0%ae%c0%ae', '．．'];
const names = [
  'out',
  'data',
  'x.csv',
  'link.csv',
  'secret.csv',
  'outside',
  'loop',
  'mine',
  'etc',
  'passwd',
  '.s3',
  '.tmp',
];
const odd = [
  '',
  '%00',
  '%2f',
  '/',
  '%5c',
  '\\',
  '%0d%0a',
  'é',
  'é',
  '%ff',
  '~',
  '*',
  '?',
  '%3f',
  '#',
  '%',
  'X.CSV',
  'OUT',
];
const segment = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...dots) },
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  { weight: 2, arbitrary: fc.constantFrom(...odd) },
  fc.string({ maxLength: 8 }).map((text) => encodeURIComponent(text.toWellFormed())),
);
/** Ways to what lies outside, each of their characters as it is or as its code. */
const wayOut = fc
  .constantFrom(
    'out/secret.csv',
    'out/new.csv',
    'data/link.csv',
    'out/',
    '../outside/secret.csv',
    '../../outside/new.csv',
  )
  .chain((way) =>
    fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: way.length, maxLength: way.length })
      .map((dice) =>
        [...way].map((one, index) => (dice[index] === 0 ? `%${one.charCodeAt(0).toString(16)}` : one)).join(''),
      ),
  );
const segments = fc.array(segment, { minLength: 1, maxLength: 6 }).map((some) => some.join('/'));
const rawPath = fc
  .oneof(segments, wayOut)
  .chain((path) => fc.constantFrom(`/mine/${path}`, `/mine/${path}`, `/${path}`))
  // A path of HTTP is ASCII.
  .map((path) => path.replace(/[^\x21-\x7e]+/g, encodeURIComponent));
const method = fc.constantFrom('GET', 'PUT', 'DELETE', 'HEAD', 'POST');
const query = fc.constantFrom(
  '',
  '?uploads',
  '?list-type=2&prefix=../',
  '?list-type=2&prefix=out/',
  '?acl',
  '?policy',
  '?delete',
);

it('neither reads nor writes outside of a bucket, whatever the path', async () => {
  await using s3 = await startWithSecret();
  const outside = join(s3.home, 'outside');
  await fc.assert(
    fc.asyncProperty(method, rawPath, query, async (verb, path, parameters) => {
      const body = verb === 'PUT' || verb === 'POST' ? { body: 'planted' } : {};
      const answer = await s3.ask(verb, path + parameters, body);
      expect(answer.body).not.toContain('hidden words');
      expect(answer.status).not.toBe(500);
    }),
    { numRuns: 1500 },
  );
  expect(await treeOf(outside)).toEqual(['secret.csv']);
  expect(await readFile(join(outside, 'secret.csv'), 'utf8')).toBe('hidden words');
  expect((await readdir(s3.home)).sort()).toEqual(['buckets', 'outside']);
  const buckets = await readdir(s3.folder);
  for (const name of buckets) expect(name).toMatch(/^(\.s3|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/);
});

it('copies nothing from outside, whatever the source is called', async () => {
  await using s3 = await startWithSecret();
  await fc.assert(
    fc.asyncProperty(rawPath, async (source) => {
      const answer = await s3.ask('PUT', '/mine/copied', { headers: { 'x-amz-copy-source': source } });
      expect(answer.status).not.toBe(500);
    }),
    { numRuns: 500 },
  );
  const { body } = await s3.ask('GET', '/mine/copied');
  expect(body).not.toContain('hidden words');
});

it('says of links that lead out of a bucket that they are not followed, and lists them not', async () => {
  await using s3 = await startWithSecret();
  for (const path of ['/mine/out/secret.csv', '/mine/data/link.csv']) {
    expect(codeOf(await s3.ask('GET', path)), path).toBe('AccessDenied');
    expect((await s3.ask('HEAD', path)).status).toBe(403);
  }
  expect(codeOf(await s3.ask('PUT', '/mine/out/new.csv', { body: 'x' }))).toBe('AccessDenied');
  const { body } = await s3.ask('GET', '/mine?list-type=2');
  expect([...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key)).toEqual(['data/x.csv']);
  const { body: folders } = await s3.ask('GET', '/mine?list-type=2&delimiter=%2F');
  expect([...folders.matchAll(/<Prefix>([^<]+)<\/Prefix>/g)].map(([, key]) => key)).toEqual(['data/']);
});

it.each([
  ['a segment ".."', '/mine/../escape', 'InvalidRequest'],
  ['an encoded segment ".."', '/mine/%2e%2e%2fescape', 'InvalidRequest'],
  ['NUL', '/mine/a%00b', 'InvalidRequest'],
  ['an empty segment', '/mine/a//b', 'InvalidRequest'],
  ['a leading slash', '/mine//a', 'InvalidRequest'],
  ['the folder of unfinished files', '/mine/.tmp/a', 'InvalidRequest'],
  ['a part that is too long for a file', `/mine/${'k'.repeat(256)}`, 'InvalidRequest'],
  ['1,025 bytes', `/mine/${'k'.repeat(205)}/${'k/'.repeat(409)}k`, 'KeyTooLongError'],
  ['bytes that are no text', '/mine/%ff', 'InvalidURI'],
  ['the name of a folder', '/mine/data', 'InvalidRequest'],
  ['an object as its folder', '/mine/data/x.csv/y', 'InvalidRequest'],
  ['a bucket with a bad name', '/.s3/a', 'InvalidBucketName'],
])('refuses to write an object whose key has %s, and finds none', async (_what, path, code) => {
  await using s3 = await startWithSecret();
  expect(codeOf(await s3.ask('PUT', path, { body: 'planted' }))).toBe(code);
  expect([400, 404]).toContain((await s3.ask('GET', path)).status);
  expect(await readFile(join(s3.folder, 'mine', 'data', 'x.csv'), 'utf8')).toBe('x');
});

it('keeps keys apart that differ in case or in the form of a letter', async () => {
  await using s3 = await startWithSecret();
  const keys = ['data/X.csv', 'data/%C3%A9', 'data/e%CC%81', 'Data/x.csv'];
  for (const key of keys) expect((await s3.ask('PUT', `/mine/${key}`, { body: key })).status, key).toBe(200);
  for (const key of keys) expect((await s3.ask('GET', `/mine/${key}`)).body).toBe(key);
  expect((await s3.ask('GET', '/mine/data/x.csv')).body).toBe('x');
});
