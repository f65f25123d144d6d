import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isListed } from './listed-users.ts';
import { partName, readUserList } from './read-user-list.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'user-list-'));
});
afterEach(() => rm(folder, { recursive: true }));

let lists = 0;
async function listed(...contents: (string | Buffer)[]) {
  const target = join(folder, `list-${lists++}`);
  await mkdir(target);
  const files: { path: string; uri: string }[] = [];
  for (const [n, content] of contents.entries()) {
    const file = { path: join(folder, `${lists}-${n}.csv`), uri: `s3://b/${n}.csv` };
    await writeFile(file.path, content);
    files.push(file);
  }
  const { parts, users } = await readUserList(files, target);
  const has = await isListed(Array.from({ length: parts }, (_, part) => join(target, partName(part))));
  return { parts, users, has };
}

describe('a list of users', () => {
  it('has each id of the files once', async () => {
    const { users, has } = await listed(
      'USER_ID\na\nb\na\n',
      '\ufeffuser_id\r\n"c,d"\r\n\r\nb',
      gzipSync('USER_ID\ne\n'),
    );
    expect(users).toBe(4);
    expect(['a', 'b', 'c,d', 'e', '', 'USER_ID'].map(has)).toEqual([true, true, true, true, false, false]);
  });

  it('has any text as it was written', async () => {
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(texts, async (ids) => {
        // A record is a line, whatever the quotes.
        const sent = ids.map((id) => id.replaceAll(/[\r\n\\]/g, '.').toWellFormed());
        const { users, has } = await listed(
          `USER_ID\n${sent.map((id) => `"${id.replaceAll('"', '""')}"`).join('\n')}\n`,
        );
        expect(sent.filter((id) => !has(id))).toEqual([]);
        expect(users).toBe(new Set(sent).size);
      }),
      { numRuns: 60, examples: [[['a\0b', "o'brien", 'say "hi"', 'Zoë 🦊']]] },
    );
  });

  it('comes in parts that are small, however long it is', async () => {
    const ids = Array.from({ length: 60_000 }, (_, n) => `user-${n}`);
    const { parts, users, has } = await listed(`USER_ID\n${ids.join('\n')}\n`);
    expect({ users, isParted: parts > 3 }).toEqual({ users: 60_000, isParted: true });
    expect(ids.every(has)).toBe(true);
  });

  it.each([
    ['ID\na\n', 'The first line of s3://b/0.csv is "ID": it must name the one column USER_ID.'],
    ['', 's3://b/0.csv is empty: the first line must name the columns.'],
    ['USER_ID\na\n"b\n', 'Line 3 of s3://b/0.csv has a quote that is not closed. No user was deleted.'],
    ['USER_ID\n"a"b\n', 'Line 2 of s3://b/0.csv has text after the quote that ends a value. No user was deleted.'],
  ])('is refused: %j', async (content, message) => {
    await expect(listed(content)).rejects.toThrow(message);
  });
});
