import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FoldIn } from './fold-in.ts';
import { foldIn, rowsOf } from './linear-algebra.reference.ts';
import { normals, uniforms } from './random.ts';

const problems = fc.record({
  factors: fc.integer({ min: 1, max: 40 }),
  items: fc.integer({ min: 1, max: 60 }),
  history: fc.nat(30),
  seed: fc.nat(),
  alpha: fc.constantFrom(0.01, 0.3, 1),
  regularization: fc.constantFrom(0.1, 1),
  frequencyExponent: fc.constantFrom(0, 0.5, 1),
});

function factorsOf({ items, factors, seed }: { items: number; factors: number; seed: number }): Float32Array {
  const random = normals(1, seed);
  return Float32Array.from({ length: items * factors }, random);
}

test('userVector solves the user step exactly, as the reference implementation does', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const itemFactors = factorsOf(problem);
      const uniform = uniforms(problem.seed + 1);
      const history = Array.from({ length: problem.history }, () => Math.floor(uniform() * problem.items));
      const weights = Float32Array.from(history, () => 0.1 + 3 * uniform());
      const folding = new FoldIn({ ...problem, itemFactors });
      const vector = folding.userVector(Uint32Array.from(history), weights);
      const expected = foldIn(problem, rowsOf(itemFactors, problem.factors), history, [...weights]);
      expectClose(vector, expected, 2e-3);
    }),
    { numRuns: 60 },
  );
});

test('userVector takes histories of any length, and a weight of 1 unless told', () => {
  const problem = { items: 50, factors: 12, seed: 5, alpha: 0.1, regularization: 0.01 };
  const itemFactors = factorsOf(problem);
  const history = Array.from({ length: 3001 }, (_, n) => (n * 7) % 50);
  const ones = history.map(() => 1);
  const vector = new FoldIn({ ...problem, itemFactors }).userVector(Uint32Array.from(history));
  expectClose(vector, foldIn(problem, rowsOf(itemFactors, 12), history, ones), 2e-3);
});

test('an empty history gives zeros', () => {
  const folding = new FoldIn({
    itemFactors: factorsOf({ items: 9, factors: 3, seed: 1 }),
    factors: 3,
    alpha: 0.1,
    regularization: 0.01,
  });
  expect([...folding.userVector(new Uint32Array(0))]).toEqual([0, 0, 0]);
});

test('a regularization of 0 is refused', () => {
  const options = { itemFactors: new Float32Array(4), factors: 2, alpha: 1, regularization: 0 };
  expect(() => new FoldIn(options)).toThrow('regularization is 0; it must be greater than 0.');
});

/** Largest difference relative to the largest entry. */
function expectClose(actual: Float32Array, expected: Float64Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  const gap = expected.reduce((worst, value, index) => Math.max(worst, Math.abs(value - actual[index])), 0);
  expect(gap / scale).toBeLessThan(tolerance);
}
