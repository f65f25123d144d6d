import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serviceOperations } from '../contract/operations.ts';
import { recipes, withdrawnRecipes } from '../learn/recipes/catalogue.ts';
import { openBench } from './control.fixture.ts';
import { families } from './families.ts';
import type { Family } from './family.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

test('docs/operations.md says that every operation works, and each does', async () => {
  const rows = [...page.matchAll(/^\| (\w+) \| works \|$/gm)].map(([, name]) => name);
  let available: readonly string[] = [];
  const listing: Family = {
    kinds: [],
    operations(context) {
      available = families.flatMap(({ operations }) => Object.keys(operations(context)));
      return {};
    },
  };
  await (await openBench({ start: false, families: [...families, listing] })).close();
  const expected = Object.keys(serviceOperations).sort();
  expect(rows.sort()).toEqual(expected);
  expect(available.filter((name) => expected.includes(name)).sort()).toEqual(expected);
});

test('docs/operations.md says of every recipe whether it works', () => {
  const rows = [...page.matchAll(/^\| `(aws-[\w-]+)` \| (works|not yet|withdrawn) \|$/gm)].map(
    ([, name, state]) => `${name} ${state}`,
  );
  const expected = [...recipes.map(({ name }) => name), ...withdrawnRecipes].map(
    (name) => `${name} ${withdrawnRecipes.includes(name) ? 'withdrawn' : 'works'}`,
  );
  expect(rows.sort()).toEqual(expected.sort());
});
