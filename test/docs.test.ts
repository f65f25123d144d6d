import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const parts = folders(join(root, 'src'));
const tops = folders(root);

// Someone who follows a page into the code finds each stop where the page says.
test.each(['docs/architecture.md', 'CONTRIBUTING.md'])('every path that %s names exists', async (page) => {
  const named = pathsIn(await readFile(join(root, page), 'utf8'));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !exists(path))).toEqual([]);
});

test.each([
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...markdownIn('docs'),
  'src/learn/tensor/README.md',
])('every link of %s leads somewhere', async (page) => {
  const text = (await readFile(join(root, page), 'utf8')).replaceAll(/```.*?```/gs, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const dead = [];
  for (const link of links.filter((each) => !/^https?:/.test(each))) {
    const [path = '', heading] = link.split('#');
    const target = path === '' ? page : join(page, '..', path);
    const isThere = existsSync(join(root, target)) && (!heading || (await headingsOf(target)).includes(heading));
    if (!isThere) dead.push(link);
  }
  expect(dead).toEqual([]);
});

test('the index of the docs names every page', async () => {
  const index = await readFile(join(root, 'docs/README.md'), 'utf8');
  const pages = markdownIn('docs').filter((page) => page !== 'docs/README.md');
  expect(pages.filter((page) => !index.includes(`](${page.slice('docs/'.length)})`))).toEqual([]);
});

function folders(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/**
 * Code in backticks that is a path below a part of `src` or a folder of the project; placeholders such as `<part>` are
 * none.
 */
function pathsIn(text: string): string[] {
  const codes = [...text.replaceAll(/```.*?```/gs, '').matchAll(/`([\w.@/-]+)`/g)].map(([, code = '']) => code);
  return codes.filter((code) => code.includes('/') && isPart(code.split('/')[0] ?? ''));
}

const isPart = (name: string) => parts.includes(name) || tops.includes(name);

const exists = (path: string) => existsSync(join(root, 'src', path)) || existsSync(join(root, path));

/** The anchors of a page's headings, as GitHub makes them. */
async function headingsOf(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
