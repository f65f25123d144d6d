import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normals, uniforms } from './random.ts';
import { rankReference } from './ranking.reference.ts';
import { type VectorQuery, VectorRanker } from './vector-ranker.ts';

const problems = fc.record({
  count: fc.integer({ min: 1, max: 1100 }),
  width: fc.integer({ min: 1, max: 70 }),
  queries: fc.integer({ min: 0, max: 11 }),
  limit: fc.nat(1200),
  /** Of rows that are left out. */
  share: fc.constantFrom(0, 0.1, 0.9, 1),
  /** Vectors of few different numbers have equal scores. */
  whole: fc.boolean(),
  seed: fc.nat(),
});

type Problem = { readonly [Size in 'count' | 'width' | 'queries' | 'limit' | 'share' | 'seed']: number } & {
  readonly whole: boolean;
};

function made({ count, width, queries, share, whole, seed }: Problem) {
  const normal = normals(1, seed);
  const uniform = uniforms(seed + 1);
  const number = whole ? () => Math.round(normal()) : normal;
  return {
    vectors: Float32Array.from({ length: count * width }, number),
    queries: Array.from({ length: queries }, () => ({
      vector: Float32Array.from({ length: width }, number),
      starts: Float32Array.from({ length: count }, () => (uniform() < share ? -Infinity : number())),
    })),
  };
}

const asked = (queries: ReturnType<typeof made>['queries']) =>
  queries.map(({ vector, starts }) => ({ vector, begin: (into: Float32Array) => into.set(starts) }));

function bitsOf(eligible: readonly boolean[]): Uint32Array {
  const words = new Uint32Array(Math.ceil(eligible.length / 32));
  for (const [row, isEligible] of eligible.entries()) if (isEligible) words[row >> 5] |= 1 << (row & 31);
  return words;
}

for (const coded of [false, true]) {
  test(`ranks as the reference implementation does, ${coded ? 'by codes' : 'by all numbers'}`, () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { vectors, queries } = made(problem);
        const ranker = new VectorRanker(vectors, problem.width, coded);
        const all = ranker.rank(asked(queries), problem.limit, { summing: true });
        expect(all).toHaveLength(queries.length);
        queries.forEach((query, n) => {
          const reference = rankReference(vectors, problem.width, query, problem.limit);
          const best = all[n];
          expect(best?.rows).toHaveLength(reference.rows.length);
          best?.scores.forEach((score, rank) => {
            expect(score).toBeCloseTo(reference.scores[rank], 3);
            expect(score).toBeCloseTo(reference.scoreOf(best.rows[rank] ?? -1), 3);
          });
          if (problem.whole) expect(best?.rows).toEqual(reference.rows);
          if (problem.limit > 0 && reference.rows.length > 0) {
            expect(Math.abs((best?.logSum ?? Number.NaN) - reference.logSum)).toBeLessThan(coded ? 0.05 : 1e-4);
          }
        });
      }),
      { numRuns: 25 },
    );
  });
}

test('codes and all numbers give the very same best, one query or many', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { vectors, queries } = made(problem);
      const [plain, coded] = [false, true].map((each) => new VectorRanker(vectors, problem.width, each));
      const strip = (best: ReturnType<VectorRanker['rank']> = []) => best.map(({ rows, scores }) => ({ rows, scores }));
      const options = { summing: false };
      const expected = strip(plain?.rank(asked(queries), problem.limit, options));
      expect(strip(coded?.rank(asked(queries), problem.limit, options))).toEqual(expected);
      expect(asked(queries).flatMap((one) => strip(plain?.rank([one], problem.limit, options)))).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

/** Masks of many rows and of few, whole ones and empty ones; one query may have one where another has none. */
const masked = fc.record({
  count: fc.integer({ min: 1, max: 6000 }),
  width: fc.integer({ min: 1, max: 20 }),
  queries: fc.integer({ min: 1, max: 5 }),
  limit: fc.nat(60),
  share: fc.constantFrom(0, 0.5),
  whole: fc.boolean(),
  seed: fc.nat(),
  eligible: fc.array(fc.constantFrom(undefined, 0, 0.001, 0.1, 0.5, 0.97, 1), { minLength: 5, maxLength: 5 }),
});

for (const coded of [false, true]) {
  test(`a mask leaves out what a start of −Infinity does, ${coded ? 'by codes' : 'by all numbers'}`, () => {
    fc.assert(
      fc.property(masked, (problem) => {
        const { vectors, queries } = made(problem);
        const uniform = uniforms(problem.seed + 2);
        const masks = problem.eligible.map(
          (share) => share !== undefined && Array.from({ length: problem.count }, () => uniform() < share),
        );
        const ranker = new VectorRanker(vectors, problem.width, coded);
        const rank = (all: VectorQuery[]) => ranker.rank(all, problem.limit, { summing: true });
        const expected = rank(
          asked(
            queries.map(({ vector, starts }, n) => ({
              vector,
              starts: starts.map((start, row) => (masks[n] && !masks[n][row] ? -Infinity : start)),
            })),
          ),
        );
        const best = rank(
          asked(queries).map((query, n) => ({ ...query, ...(masks[n] && { eligible: bitsOf(masks[n]) }) })),
        );
        expect(best.map(({ rows, scores }) => ({ rows, scores }))).toEqual(
          expected.map(({ rows, scores }) => ({ rows, scores })),
        );
        best.forEach(({ logSum }, n) => {
          const difference = logSum === expected[n].logSum ? 0 : Math.abs(logSum - expected[n].logSum);
          expect(difference).toBeLessThan(coded ? 0.05 : 1e-4);
        });
      }),
      { numRuns: 60 },
    );
  });
}

test('the sum by codes is near the exact one', () => {
  const problem = { count: 30_000, width: 64, queries: 3, limit: 10, share: 0, whole: false, seed: 7 };
  const { vectors, queries } = made(problem);
  const shrunk = vectors.map((value) => value / 4);
  const [plain, coded] = [false, true].map((each) =>
    new VectorRanker(shrunk, 64, each).rank(asked(queries), 10, { summing: true }),
  );
  plain?.forEach(({ logSum }, n) => {
    expect(Math.abs(logSum - (coded?.[n]?.logSum ?? Number.NaN))).toBeLessThan(1e-3);
  });
});

test('scores of chosen rows are those of the ranking, and products those without a beginning', () => {
  const { vectors, queries } = made({ count: 99, width: 13, queries: 1, limit: 9, share: 0, whole: false, seed: 3 });
  const ranker = new VectorRanker(vectors, 13);
  for (const query of asked(queries)) {
    const [best] = ranker.rank([query], 9, { summing: false });
    expect(ranker.scores(query, best?.rows ?? new Uint32Array())).toEqual(best?.scores);
    const all = Uint32Array.from({ length: 99 }, (_, row) => row);
    const fromNothing = { ...query, begin: (starts: Float32Array) => starts.fill(0) };
    expect(ranker.products(query.vector)).toEqual(ranker.scores(fromNothing, all));
  }
});

test('the memory of a dropped ranker is used again', async () => {
  const vectors = new Float32Array(40_000 * 64); // 10.2 MB
  const before = process.memoryUsage.rss();
  for (let n = 0; n < 40; n++) {
    const ranker = new VectorRanker(vectors, 64);
    expect(ranker.bytes).toBeGreaterThan(vectors.byteLength);
    await setImmediate();
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(250e6);
});
