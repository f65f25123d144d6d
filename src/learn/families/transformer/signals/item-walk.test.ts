import { expect, it } from 'vitest';
import { walkItems } from './item-walk.ts';

const { signal } = new AbortController();
/** Item 0 has as much in common with item 1, which many had, as with item 2, and less with item 3. */
const gram = {
  together: {
    offsets: Uint32Array.of(0, 3, 4, 5, 6),
    indices: Uint32Array.of(1, 2, 3, 0, 0, 0),
    values: Float32Array.of(4, 4, 1, 4, 4, 1),
  },
  own: Float32Array.of(10, 100, 5, 5),
};

it('leads to what has most in common, of equals to what fewer had, as shares', async () => {
  const { offsets, indices, values } = await walkItems(gram, 10, signal);
  expect([...offsets]).toEqual([0, 3, 4, 5, 6]);
  expect(indices[0]).toBe(2);
  expect(indices[1]).toBe(1);
  expect(values[0] / values[1]).toBeCloseTo(20 ** 0.3, 4);
  expect(values.subarray(0, 3).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  expect(values[3]).toBeCloseTo(1, 5);
});

it('shares out what it keeps', async () => {
  const { offsets, values } = await walkItems(gram, 1, signal);
  expect([...offsets]).toEqual([0, 1, 2, 3, 4]);
  expect([...values]).toEqual([1, 1, 1, 1]);
});
