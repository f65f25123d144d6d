import { expect, test } from 'vitest';
import { normals } from './random.ts';
import { instantiateKernels, kernelModule, MemoryPlan, type Sharing, type Simd } from './wasm.ts';

/** Eight products of 64 numbers each. */
function products(sharing: Sharing, simd: Simd): Float32Array {
  const plan = new MemoryPlan();
  const at = { rows: plan.take(8 * 256), vector: plan.take(256), out: plan.take(32) };
  const memory = plan.allocate(sharing);
  const floats = new Float32Array(memory.buffer);
  const normal = normals(1, 1);
  for (let n = 0; n < 9 * 64; n++) floats[at.rows / 4 + n] = normal();
  instantiateKernels(kernelModule(sharing, simd), memory).scoreRows(at.rows, 8, 256, at.vector, at.out);
  return floats.slice(at.out / 4, at.out / 4 + 8);
}

test('a runtime without relaxed SIMD gets the same from plain SIMD, but for rounding', () => {
  for (const sharing of ['own', 'shared'] as const) {
    const plain = products(sharing, 'plain');
    products(sharing, 'relaxed').forEach((product, row) => {
      expect(plain[row]).toBeCloseTo(product, 4);
      expect(product).not.toBe(0);
    });
  }
});
