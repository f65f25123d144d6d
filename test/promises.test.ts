import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// docs/promises.md names the test behind each promise; a test that was renamed or removed takes its promise with it.
const docs = join(import.meta.dirname, '../docs');
const page = await readFile(join(docs, 'promises.md'), 'utf8');
const [promised = ''] = page.split('## What is not promised');
const promises = promised.split(/^(?=\*\*)/m).slice(1);

test.each(promises)('%s', async (promise) => {
  const links = [...promise.replaceAll(/\s+/g, ' ').matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)];
  expect(links.length, 'tests that are named').toBeGreaterThan(0);
  for (const [, name = '', path = ''] of links) {
    const source = await readFile(join(docs, path), 'utf8');
    expect(testNames(source), path).toContainEqual(expect.stringContaining(name));
  }
});

test('there are promises', () => {
  expect(promises.length).toBeGreaterThan(5);
});

test('the oldest version whose home opens is named', async () => {
  const versions = await readdir(join(import.meta.dirname, 'fixtures/homes'));
  const [oldest] = versions.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  expect(page).toContain(`Every format of an earlier version opens. The oldest is ${oldest}.`);
});

/** Texts that are the first argument of a call before a function or options, as names of tests are. */
const testNames = (source: string) =>
  [...source.matchAll(/\(\s*(['"`])(.+?)\1,\s*(?:async|\(|\{)/g)].map(([, , name]) => name);
