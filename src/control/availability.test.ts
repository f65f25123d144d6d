import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serviceOperations } from '../contract/operations.ts';
import { publishedRecipes, recipes, withdrawnRecipes } from '../learn/recipes/catalogue.ts';
import { unavailableOperations } from './availability.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

test('docs/operations.md says of every operation whether it works', () => {
  const rows = [...page.matchAll(/^\| (\w+) \| (works|not yet) \|$/gm)].map(([, name, state]) => `${name} ${state}`);
  const notYet: readonly string[] = unavailableOperations;
  const expected = Object.keys(serviceOperations).map(
    (name) => `${name} ${notYet.includes(name) ? 'not yet' : 'works'}`,
  );
  expect(rows.sort()).toEqual(expected.sort());
});

test('docs/operations.md says of every recipe whether it works', () => {
  const rows = [...page.matchAll(/^\| `(aws-[\w-]+)` \| (works|not yet|withdrawn) \|$/gm)].map(
    ([, name, state]) => `${name} ${state}`,
  );
  const trainable = recipes.map(({ name }) => name);
  const expected = [...publishedRecipes.map(({ name }) => name), ...withdrawnRecipes].map(
    (name) =>
      `${name} ${trainable.includes(name) ? 'works' : withdrawnRecipes.includes(name) ? 'withdrawn' : 'not yet'}`,
  );
  expect(rows.sort()).toEqual(expected.sort());
});
