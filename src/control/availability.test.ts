import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { operations } from '../contract/operations.ts';
import { unavailableOperations } from './availability.ts';

test('docs/operations.md says of every operation whether it works', () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\w+) \| (works|not yet) \|$/gm)].map(([, name, state]) => `${name} ${state}`);
  const notYet: readonly string[] = unavailableOperations;
  const expected = Object.keys(operations).map((name) => `${name} ${notYet.includes(name) ? 'not yet' : 'works'}`);
  expect(rows.sort()).toEqual(expected.sort());
});
