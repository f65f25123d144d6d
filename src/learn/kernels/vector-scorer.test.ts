import fc from 'fast-check';
import { expect, it } from 'vitest';
import { uniforms } from './random.ts';
import { VectorScorer } from './vector-scorer.ts';

it('multiplies all vectors with one, whatever their number and width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer(),
      (count, width, seed) => {
        const random = uniforms(seed);
        const vectors = Float32Array.from({ length: count * width }, () => 2 * random() - 1);
        const scorer = new VectorScorer(vectors, width);
        // The second answer is not mixed up with the first.
        for (let time = 0; time < 2; time++) {
          const vector = Float32Array.from({ length: width }, () => 2 * random() - 1);
          const scores = scorer.scores(vector);
          expect(scores).toHaveLength(count);
          scores.forEach((score, row) => {
            const own = vectors.subarray(row * width, (row + 1) * width);
            expect(score).toBeCloseTo(
              own.reduce((sum, value, n) => sum + value * (vector[n] ?? 0), 0),
              4,
            );
          });
        }
      },
    ),
    { numRuns: 30 },
  );
});
