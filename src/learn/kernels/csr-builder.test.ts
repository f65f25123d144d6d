import { expect, it } from 'vitest';
import { CsrBuilder } from './csr-builder.ts';

it('puts rows one after another, whatever their lengths', () => {
  const lengths = [3, 0, 1_500_000, 1, 0];
  const builder = new CsrBuilder(lengths.length, 9);
  lengths.forEach((length, row) => {
    builder.add(new Uint32Array(length).fill(row), new Float32Array(length).fill(row / 2));
  });
  const { offsets, indices, values } = builder.build();
  expect([...offsets]).toEqual([0, 3, 3, 1_500_003, 1_500_004, 1_500_004]);
  const expected = lengths.flatMap((length, row) => Array<number>(length).fill(row));
  // Compared as bytes: element by element a matcher takes seconds for so many.
  expect(Buffer.from(indices.buffer).equals(Buffer.from(Uint32Array.from(expected).buffer))).toBe(true);
  const halves = Float32Array.from(expected, (row) => row / 2);
  expect(Buffer.from(values.buffer).equals(Buffer.from(halves.buffer))).toBe(true);
});

it('refuses to build before it has every row', () => {
  expect(() => new CsrBuilder(2, 2).build()).toThrow('0 of 2 rows were added.');
});
