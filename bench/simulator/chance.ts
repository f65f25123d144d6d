import { normals, uniforms } from '../../src/learn/kernels/random.ts';

/**
 * Chance that hangs on its keys alone and not on what was drawn before: the same visitor decides the same way about the
 * same item whatever else was recommended (common random numbers, so that differences between two policies are not
 * those of luck).
 */
export const uniformOf = (...keys: readonly number[]): number => uniforms(seedOf(keys))();

/** Sequences of such numbers: uniform in [0, 1), and standard normal. */
export const uniformsOf = (...keys: readonly number[]): (() => number) => uniforms(seedOf(keys));
export const normalsOf = (...keys: readonly number[]): (() => number) => normals(1, seedOf(keys));

/** The finalizer of MurmurHash3 (Austin Appleby, public domain) after each key. */
function seedOf(keys: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    hash = Math.imul(hash ^ key, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}
