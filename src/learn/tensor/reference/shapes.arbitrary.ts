import fc from 'fast-check';
import type { Shape } from '../graph/shape.ts';

export const seeds = fc.integer({ min: 1, max: 1e6 });
export const sizes = fc.integer({ min: 1, max: 4 });

export const shapes = (rank: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<Shape> =>
  fc.array(sizes, { minLength: 0, maxLength: 3, ...rank });

/** Two shapes that broadcast. */
export const broadcastable: fc.Arbitrary<readonly [Shape, Shape]> = shapes().chain((shape) => {
  const side = fc
    .tuple(fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }), fc.nat(shape.length))
    .map(([ones, missing]) => shape.map((size, axis) => (ones[axis] ? 1 : size)).slice(missing));
  return fc.tuple(side, side);
});

/** Runs of a property that makes a session of ONNX Runtime each time. */
export const runs = { numRuns: 12 };
