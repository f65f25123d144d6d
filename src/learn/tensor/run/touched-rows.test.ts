import { expect, test } from 'vitest';
import { TouchedRows } from './touched-rows.ts';

test('numbers rows in the order in which they are met, and fills up with others', () => {
  const rows = new TouchedRows(8, 5);
  expect([...rows.number(Int32Array.of(6, 0, 6))]).toEqual([0, 1, 0]);
  expect([...rows.number(Int32Array.of(0, 3))]).toEqual([1, 2]);
  const { touched, count } = rows.finish();
  expect([...touched]).toEqual([6, 0, 3, 1, 2]);
  expect([...count]).toEqual([3]);
  expect([...rows.number(Int32Array.of(3))]).toEqual([0]);
  expect([...rows.finish().touched]).toEqual([3, 0, 1, 2, 4]);
});

test('holds a whole small table', () => {
  const rows = new TouchedRows(2, 5);
  rows.number(Int32Array.of(1));
  expect([...rows.finish().touched]).toEqual([1, 0]);
});

test('refuses rows that do not exist or have no room', () => {
  expect(() => new TouchedRows(3, 3).number(Int32Array.of(3))).toThrow('The table of 3 rows has no row 3.');
  expect(() => new TouchedRows(9, 2).number(Int32Array.of(1, 2, 3))).toThrow('A batch touches more than 2 rows.');
});
