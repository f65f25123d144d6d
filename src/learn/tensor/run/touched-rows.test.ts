import { expect, test } from 'vitest';
import { TouchedRows, writeRows } from './touched-rows.ts';

test('numbers rows in the order in which they are met, batch by batch', () => {
  const rows = new TouchedRows(8, 5);
  expect([...rows.number(Int32Array.of(6, 0, 6))]).toEqual([0, 1, 0]);
  expect([...rows.number(Int32Array.of(0, 3))]).toEqual([1, 2]);
  expect([...rows.finish()]).toEqual([6, 0, 3, -1, -1]);
  expect([...rows.number(Int32Array.of(3))]).toEqual([0]);
  expect([...rows.finish()]).toEqual([3, -1, -1, -1, -1]);
});

test('holds a whole small table', () => {
  const rows = new TouchedRows(2, 5);
  rows.number(Int32Array.of(1, 0));
  expect([...rows.finish()]).toEqual([1, 0]);
});

test('writes rows where they belong and leaves the others', () => {
  const table = Float32Array.of(1, 2, 3, 4, 5, 6);
  writeRows(table, Int32Array.of(2, -1, 0), Float32Array.of(50, 60, 0, 0, 10, 20));
  expect([...table]).toEqual([10, 20, 3, 4, 50, 60]);
});

test('refuses rows that do not exist or have no room', () => {
  expect(() => new TouchedRows(3, 3).number(Int32Array.of(3))).toThrow('The table of 3 rows has no row 3.');
  expect(() => new TouchedRows(9, 2).number(Int32Array.of(1, 2, 3))).toThrow('A batch touches more than 2 rows.');
});
