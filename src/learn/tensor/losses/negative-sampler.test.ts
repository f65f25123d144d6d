import { expect, test } from 'vitest';
import { NegativeSampler } from './negative-sampler.ts';

const counts = Array.from({ length: 50 }, (_, id) => 1000 / (id + 1));
const targets = Int32Array.of(0, 0, 1, 2, 0, 7, 9);
const weights = Float32Array.of(1, 1, 1, 1, 1, 1, 0);

test('negatives are all different, and hits are the places of targets among them', () => {
  const sampler = new NegativeSampler({ classes: 50, uniform: 20, inBatch: 3, counts, seed: 1 });
  for (let step = 1; step < 50; step++) {
    const { negatives, hits } = sampler.draw(targets, weights, step);
    expect(new Set(negatives).size).toBe(23);
    expect([...hits]).toEqual([...targets].map((target) => negatives.indexOf(target) + 1));
    // At least three of the batch's different targets; the padding's is none of them.
    expect([0, 1, 2, 7].filter((id) => negatives.includes(id)).length).toBeGreaterThanOrEqual(3);
  }
});

test('the same seed and step draw the same', () => {
  const draw = (seed: number, step: number) =>
    new NegativeSampler({ classes: 50, uniform: 10, seed }).draw(targets, weights, step).negatives;
  expect(draw(1, 3)).toEqual(draw(1, 3));
  expect(draw(1, 3)).not.toEqual(draw(1, 4));
  expect(draw(1, 3)).not.toEqual(draw(2, 3));
});

test('classes are drawn as often as logQ says', () => {
  const classes = 30;
  const shares = Array.from({ length: classes }, (_, id) => 1000 / (id + 2));
  const sampler = new NegativeSampler({ classes, uniform: 6, inBatch: 4, counts: shares, seed: 5 });
  const total = shares.reduce((sum, share) => sum + share, 0);
  const bounds = shares.map((_, id) => shares.slice(0, id + 1).reduce((sum, share) => sum + share, 0) / total);
  const drawn = new Float64Array(classes);
  const said = new Float64Array(classes);
  const draws = 4000;
  let state = 1;
  for (let step = 0; step < draws; step++) {
    const batch = Int32Array.from({ length: 12 }, () => {
      state = (state * 16807) % 2147483647;
      return bounds.findIndex((bound) => state / 2147483647 < bound);
    });
    const { negatives, logCounts } = sampler.draw(batch, new Float32Array(12).fill(1), step);
    for (const [place, id] of negatives.entries()) {
      drawn[id] = (drawn[id] ?? 0) + 1 / draws;
      // By importance: the mean of 1 / q over draws is 1 where q is the chance to be drawn.
      said[id] = (said[id] ?? 0) + 1 / Math.exp(logCounts[place] ?? 0) / draws;
    }
  }
  for (const id of said.keys()) expect(said[id], `class ${id}, drawn ${drawn[id]}`).toBeGreaterThan(0.9);
  for (const id of said.keys()) expect(said[id], `class ${id}, drawn ${drawn[id]}`).toBeLessThan(1.1);
});

test('too many negatives, and targets of the batch without counts, are refused', () => {
  expect(() => new NegativeSampler({ classes: 5, uniform: 6, seed: 1 })).toThrow(
    '6 negatives are more than the 5 classes.',
  );
  expect(() => new NegativeSampler({ classes: 5, uniform: 1, inBatch: 1, seed: 1 })).toThrow('need a count per class');
});
