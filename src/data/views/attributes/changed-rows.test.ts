import { expect, test } from 'vitest';
import { ChangedRows } from './changed-rows.ts';

test('tells the rows that have changed since a version', () => {
  const changes = new ChangedRows();
  const before = changes.version;
  changes.note(7);
  const between = changes.version;
  changes.note(3);
  changes.note(7);
  expect(changes.since(before)).toEqual([7, 3, 7]);
  expect(changes.since(between)).toEqual([3, 7]);
  expect(changes.since(changes.version)).toEqual([]);
});

test('says that it does not know once too many rows have changed', () => {
  const changes = new ChangedRows();
  const before = changes.version;
  for (let row = 0; row < 4096; row++) changes.note(row);
  expect(changes.since(before)).toEqual(Array.from({ length: 4096 }, (_, row) => row));
  changes.note(9);
  expect(changes.since(before)).toBeUndefined();
  expect(changes.since(before + 1)?.at(-1)).toBe(9);
});

test('says so where any may have changed', () => {
  const changes = new ChangedRows();
  const before = changes.version;
  changes.noteAll();
  expect(changes.version).toBeGreaterThan(before);
  expect(changes.since(before)).toBeUndefined();
  expect(changes.since(changes.version)).toEqual([]);
});
