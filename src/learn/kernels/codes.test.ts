import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codesOfQuery, codingOf } from './codes.ts';
import { normals } from './random.ts';
import { instantiateKernels, kernelModule, MemoryPlan, vectorBytes } from './wasm.ts';

/** Codes of rows by the kernel. */
function encode(rows: Float32Array, width: number) {
  const count = rows.length / width;
  const bytes = vectorBytes(width);
  const { rowBytes, elsewhere } = codingOf(width);
  const plan = new MemoryPlan();
  const at = {
    rows: plan.take(count * bytes),
    codes: plan.take(count * rowBytes),
    scales: plan.take(count * 4),
    errors: plan.take(count * 4),
  };
  const memory = plan.allocate('own');
  const floats = new Float32Array(memory.buffer);
  for (let row = 0; row < count; row++)
    floats.set(rows.subarray(row * width, (row + 1) * width), at.rows / 4 + (row * bytes) / 4);
  const kernels = instantiateKernels(kernelModule('own'), memory);
  kernels.encodeRows(at.rows, count, bytes, at.codes, rowBytes, at.scales, at.errors, elsewhere);
  return {
    codes: new Int8Array(memory.buffer, at.codes, count * rowBytes),
    scales: new Float32Array(memory.buffer, at.scales, count),
    errors: new Float32Array(memory.buffer, at.errors, count),
  };
}

test('a product of codes is off by no more than the errors say', () => {
  const problem = fc.record({
    width: fc.integer({ min: 1, max: 100 }),
    spread: fc.constantFrom(1e-30, 1e-3, 1, 1e6),
    outlier: fc.constantFrom(0, 1, 1000),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(problem, ({ width, spread, outlier, seed }) => {
      const normal = normals(spread, seed);
      const rows = Float32Array.from({ length: 20 * width }, normal);
      rows[3 * width] = outlier * spread;
      rows.fill(0, 5 * width, 6 * width);
      const query = Float32Array.from({ length: width }, normals(1, seed + 1));
      const { rowBytes, greatest } = codingOf(width);
      const { codes, scales, errors } = encode(rows, width);
      const { integers, scale, norm } = codesOfQuery(query, greatest);
      for (let row = 0; row < 20; row++) {
        const exact = query.reduce((sum, value, n) => sum + value * rows[row * width + n], 0);
        const sum = integers.reduce((total, code, n) => total + code * codes[row * rowBytes + n], 0);
        expect(Math.abs(sum)).toBeLessThan(2 ** 31);
        const error = Math.abs(sum * scale * scales[row] - exact);
        expect(error).toBeLessThanOrEqual(errors[row] * norm);
        // And the codes are good for something.
        const length = Math.sqrt(rows.subarray(row * width, (row + 1) * width).reduce((total, x) => total + x ** 2, 0));
        expect(errors[row]).toBeLessThanOrEqual(0.05 * length + 2e-18);
      }
    }),
    { numRuns: 50 },
  );
});

test('codes are the nearest 255 steps of the row', () => {
  const { codes, scales } = encode(Float32Array.of(1, -0.5, 0.003, 0.005, 0, 0, 0, 0), 4);
  expect([...codes.subarray(0, 4)]).toEqual([127, -64, 0, 1]);
  expect(scales[0]).toBeCloseTo(1 / 127, 7);
  expect([...codes.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
});
