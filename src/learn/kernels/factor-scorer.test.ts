import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FactorScorer } from './factor-scorer.ts';
import { dotOf, foldIn, rowsOf } from './linear-algebra.twin.ts';
import { normals, uniforms } from './random.ts';

const problems = fc.record({
  factors: fc.integer({ min: 1, max: 40 }),
  items: fc.integer({ min: 1, max: 60 }),
  history: fc.nat(30),
  vectors: fc.nat(9),
  seed: fc.nat(),
  alpha: fc.constantFrom(0.01, 0.3, 1),
  regularization: fc.constantFrom(0.1, 1),
  frequencyExponent: fc.constantFrom(0, 0.5, 1),
});

function factorsOf({ items, factors, seed }: { items: number; factors: number; seed: number }): Float32Array {
  const random = normals(1, seed);
  return Float32Array.from({ length: items * factors }, random);
}

test('userVector solves the user step exactly, as the plain twin does', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const itemFactors = factorsOf(problem);
      const uniform = uniforms(problem.seed + 1);
      const history = Array.from({ length: problem.history }, () => Math.floor(uniform() * problem.items));
      const weights = Float32Array.from(history, () => 0.1 + 3 * uniform());
      const scorer = new FactorScorer({ ...problem, itemFactors });
      const vector = scorer.userVector(Uint32Array.from(history), weights);
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
  const vector = new FactorScorer({ ...problem, itemFactors }).userVector(Uint32Array.from(history));
  expectClose(vector, foldIn(problem, rowsOf(itemFactors, 12), history, ones), 2e-3);
});

test('scores are the dot products with every item, as the plain twin has them', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const itemFactors = factorsOf(problem);
      const vectors = Array.from({ length: problem.vectors }, (_, n) =>
        factorsOf({ ...problem, items: 1, seed: problem.seed + 1 + n }),
      );
      const scores = new FactorScorer({ ...problem, itemFactors }).scores(vectors);
      expect(scores).toHaveLength(vectors.length);
      vectors.forEach((vector, n) => {
        const expected = rowsOf(itemFactors, problem.factors).map((row) => dotOf(row, Float64Array.from(vector)));
        expectClose(scores[n] ?? new Float32Array(), Float64Array.from(expected), 1e-5);
      });
    }),
    { numRuns: 60 },
  );
});

test('an empty history gives zeros', () => {
  const scorer = new FactorScorer({
    itemFactors: factorsOf({ items: 9, factors: 3, seed: 1 }),
    factors: 3,
    alpha: 0.1,
    regularization: 0.01,
  });
  expect([...scorer.userVector(new Uint32Array(0))]).toEqual([0, 0, 0]);
});

test('a regularization of 0 is refused', () => {
  const options = { itemFactors: new Float32Array(4), factors: 2, alpha: 1, regularization: 0 };
  expect(() => new FactorScorer(options)).toThrow('regularization is 0; it must be greater than 0.');
});

test('the memory of a dropped scorer is used again', async () => {
  const itemFactors = factorsOf({ items: 40_000, factors: 64, seed: 1 }); // 10.2 MB
  const before = process.memoryUsage.rss();
  for (let n = 0; n < 40; n++) {
    const scorer = new FactorScorer({ itemFactors, factors: 64, alpha: 0.1, regularization: 0.1 });
    expect(scorer.bytes).toBeGreaterThan(itemFactors.byteLength);
    await setImmediate();
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(250e6);
});

/** Largest difference relative to the largest entry. */
function expectClose(actual: Float32Array, expected: Float64Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  const gap = expected.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - (actual[index] ?? Number.NaN))),
    0,
  );
  expect(gap / scale).toBeLessThan(tolerance);
}
