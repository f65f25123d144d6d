import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startS3 } from './s3.fixture.ts';
import { childrenOf, readXml, textOf } from './xml-reader.ts';

/** What S3 lists, by a plain walk over all keys. */
function reference(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const found = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    found.add(end < 0 ? `key ${key}` : `prefix ${key.slice(0, end + delimiter.length)}`);
  }
  return [...found].sort((a, b) =>
    Buffer.compare(Buffer.from(a.replace(/^\w+ /, '')), Buffer.from(b.replace(/^\w+ /, ''))),
  );
}

const name = fc.constantFrom('a', 'b', 'a.b', 'a-b', 'A', 'é', '🎬', '～', 'a b', 'a&<', '+');
const key = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** Without keys that are folders of others, which a folder cannot have. */
const keys = fc
  .uniqueArray(key, { maxLength: 12 })
  .map((all) => all.filter((one) => !all.some((other) => other.startsWith(`${one}/`))));
const prefix = fc.oneof(
  fc.constant(''),
  key,
  key.map((one) => `${one}/`),
  fc.constantFrom('a/a', 'a/', 'x'),
);

it.each([1, 2] as const)('lists keys and common prefixes page by page as S3 does, version %i', async (version) => {
  await using s3 = await startS3();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      keys,
      prefix,
      fc.constantFrom('', '/', 'b', 'a/'),
      fc.integer({ min: 1, max: 4 }),
      async (all, start, delimiter, size) => {
        const bucket = `bucket-${count++}`;
        await mkdir(join(s3.folder, bucket), { recursive: true });
        for (const one of all) {
          const path = `/${bucket}/${encodeURIComponent(one).replaceAll('%2F', '/')}`;
          expect((await s3.ask('PUT', path, { body: one })).status).toBe(200);
        }
        const found: string[] = [];
        let position = '';
        for (let page = 0; page <= all.length; page++) {
          const query = new URLSearchParams({ prefix: start, delimiter, 'max-keys': String(size) });
          if (version === 2) query.set('list-type', '2');
          if (position !== '') query.set(version === 2 ? 'continuation-token' : 'marker', position);
          const root = readXml((await s3.ask('GET', `/${bucket}?${query}`)).body);
          const here = [
            ...childrenOf(root, 'Contents').map((node) => `key ${textOf(node, 'Key')}`),
            ...childrenOf(root, 'CommonPrefixes').map((node) => `prefix ${textOf(node, 'Prefix')}`),
          ];
          expect(here.length).toBeLessThanOrEqual(size);
          found.push(...here);
          if (textOf(root, 'IsTruncated') === 'false') break;
          position =
            textOf(root, version === 2 ? 'NextContinuationToken' : 'NextMarker') ??
            here[here.length - 1]?.replace('key ', '') ??
            '';
        }
        expect(found.toSorted()).toEqual(reference(all, start, delimiter).toSorted());
      },
    ),
    { numRuns: 60 },
  );
});
