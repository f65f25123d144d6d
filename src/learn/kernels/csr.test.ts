import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csrs, dense } from './csr.arbitrary.ts';
import { type Csr, shareCsr, transpose } from './csr.ts';

test('transpose swaps rows and columns and keeps values', () => {
  fc.assert(
    fc.property(csrs({ values: true }), (csr) => {
      const transposed = transpose(csr);
      const expected = Array.from({ length: csr.columns }, (_, column) => dense(csr).map((row) => row[column]));
      expect(dense(transposed)).toEqual(expected);
      expect(dense(transpose(transposed))).toEqual(dense(csr));
    }),
  );
});

test('transpose leaves a matrix of ones without values', () => {
  const ones: Csr = { rows: 1, columns: 2, offsets: Uint32Array.of(0, 1), indices: Uint32Array.of(1) };
  expect(transpose(ones).values).toBeUndefined();
});

test('shareCsr copies only what is not shared yet', () => {
  fc.assert(
    fc.property(csrs({ values: true }), (csr) => {
      const shared = shareCsr(csr);
      expect(dense(shared)).toEqual(dense(csr));
      expect(shared.indices.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(shareCsr(shared)).toEqual(shared);
      expect(shareCsr(shared).indices).toBe(shared.indices);
    }),
  );
});
