import { expect, it } from 'vitest';
import { normals } from '../kernels/random.ts';
import { VectorRanker } from '../kernels/vector-ranker.ts';
import { rankerOfManyFor } from './many-queries.ts';

const [count, width] = [1001, 64];
const normal = normals(1, 5);
const floats = (length: number) => Float32Array.from({ length }, normal);
const vectors = floats(count * width);
const ranker = new VectorRanker(vectors, width);

it('ranks for many as for each', async () => {
  const many = await rankerOfManyFor(ranker, vectors, width, true);
  const queries = Array.from({ length: 37 }, () => {
    const starts = floats(count);
    return { vector: floats(width), begin: (to: Float32Array) => to.set(starts) };
  });
  const [best, calls] = [await many?.rank(queries, 25, { summing: true }), ranker.rank(queries, 25, { summing: true })];
  expect(best).toHaveLength(queries.length);
  best?.forEach(({ rows, scores, logSum }, n) => {
    expect(rows).toEqual(calls[n].rows);
    scores.forEach((score, rank) => {
      expect(score).toBeCloseTo(calls[n].scores[rank], 3);
    });
    expect(logSum).toBeCloseTo(calls[n].logSum, 4);
  });
  const both = await Promise.all([
    many?.rank(queries, 5, { summing: true }),
    many?.rank(queries, 25, { summing: true }),
  ]);
  expect(both[0]?.map(({ rows }) => rows)).toEqual(best?.map(({ rows }) => rows.subarray(0, 5)));
  expect(both[1]).toEqual(best);
});

it('is not there where answers would be others, or nothing is saved', async () => {
  expect(await rankerOfManyFor(ranker, vectors, width, undefined)).toBeUndefined();
  expect(await rankerOfManyFor(new VectorRanker(vectors, width, true), vectors, width, true)).toBeUndefined();
  expect(await rankerOfManyFor(new VectorRanker(vectors, 32), vectors, 32, true)).toBeUndefined();
});
