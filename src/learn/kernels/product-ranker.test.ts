import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Multiply, ProductRanker, paddedCount } from './product-ranker.ts';
import { normals, uniforms } from './random.ts';
import { rankReference } from './ranking.reference.ts';

const problems = fc.record({
  count: fc.integer({ min: 1, max: 1100 }),
  width: fc.integer({ min: 1, max: 20 }),
  queries: fc.integer({ min: 0, max: 9 }),
  limit: fc.nat(1200),
  /** Of rows that are left out, by starts and by a mask. */
  share: fc.constantFrom(0, 0.1, 0.9, 1),
  masked: fc.constantFrom(undefined, 0, 0.1, 0.9),
  seed: fc.nat(),
});

/** Row by row; what comes behind the last is to be ignored. */
const multiplied =
  (vectors: Float32Array, width: number, count: number): Multiply =>
  async (queries, products) => {
    const padded = paddedCount(count);
    products.fill(1e9);
    for (let query = 0; query * width < queries.length; query++) {
      for (let row = 0; row < count; row++) {
        let sum = 0;
        for (let n = 0; n < width; n++) sum += queries[query * width + n] * vectors[row * width + n];
        products[query * padded + row] = sum;
      }
    }
  };

it('ranks as the reference implementation does', async () => {
  await fc.assert(
    fc.asyncProperty(problems, async ({ count, width, queries: many, limit, share, masked, seed }) => {
      const [normal, uniform] = [normals(1, seed), uniforms(seed + 1)];
      // Whole numbers: products are exact, and many scores are equal.
      const whole = (length: number) => Float32Array.from({ length }, () => Math.round(normal()) + 0);
      const vectors = whole(count * width);
      const ranker = new ProductRanker({ count, width, queriesAtOnce: 4, multiply: multiplied(vectors, width, count) });
      const queries = Array.from({ length: many }, () => {
        const starts = whole(count).map((start) => (uniform() < share ? -Infinity : start));
        const eligible = new Uint32Array(Math.ceil(count / 32));
        for (let row = 0; row < count; row++) if (uniform() >= (masked ?? 0)) eligible[row >> 5] |= 1 << (row & 31);
        return { vector: whole(width), starts, eligible: masked === undefined ? undefined : eligible };
      });
      const asked = queries.map(({ starts, ...query }) => ({ ...query, begin: (to: Float32Array) => to.set(starts) }));
      const best = await ranker.rank(asked, limit, { summing: true });
      expect(best).toHaveLength(many);
      for (const [n, { vector, starts, eligible }] of queries.entries()) {
        const left = starts.map((start, row) =>
          !eligible || (eligible[row >> 5] >> (row & 31)) & 1 ? start : -Infinity,
        );
        const reference = rankReference(vectors, width, { vector, starts: left }, limit);
        expect(best[n].rows).toEqual(reference.rows);
        expect(best[n].scores).toEqual(reference.scores);
        if (limit > 0 && reference.rows.length > 0) expect(best[n].logSum).toBeCloseTo(reference.logSum, 4);
      }
    }),
    { numRuns: 60 },
  );
});
