import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawReference } from './negative-sampler.reference.ts';
import { NegativeSampler } from './negative-sampler.ts';
import { uniforms } from './random.ts';

/** Any sampler, with batches of its classes: few classes repeat, and some tokens are padding. */
const sampling = fc.integer({ min: 1, max: 300 }).chain((classes) =>
  fc.nat(classes).chain((size) => {
    const count = fc.oneof(fc.nat(5), fc.double({ min: 0, max: 1e12, noNaN: true }));
    const weight = fc.constantFrom(0, 0, 1, 0.25, 1e-30);
    const token = fc.tuple(fc.oneof(fc.nat(classes - 1), fc.nat(Math.min(4, classes - 1))), weight);
    return fc.record({
      classes: fc.constant(classes),
      size: fc.constant(size),
      inBatch: fc.nat(size),
      counts: fc.array(count, { minLength: classes, maxLength: classes }),
      batches: fc.array(fc.tuple(fc.array(token, { maxLength: 64 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })), {
        minLength: 1,
        maxLength: 4,
      }),
    });
  }),
);

test('draws batch after batch what the reference implementation does', () => {
  fc.assert(
    fc.property(sampling, ({ classes, size, inBatch, counts, batches }) => {
      const options = { classes, tokens: 64, uniform: size - inBatch, inBatch, counts };
      const sampler = new NegativeSampler(options);
      for (const [tokens, seed] of batches) {
        const targets = Int32Array.from(tokens, ([target]) => target);
        const weights = Float32Array.from(tokens, ([, weight]) => weight);
        const drawn = sampler.draw(targets, weights, seed);
        const reference = drawReference(options, targets, weights, seed);
        expect(drawn.negatives).toEqual(reference.negatives);
        expect(drawn.hits).toEqual(reference.hits);
        reference.logCounts.forEach((logCount, rank) => {
          const difference = Math.abs(drawn.logCounts[rank] - logCount);
          expect(difference).toBeLessThanOrEqual(1e-12 + 1e-6 * Math.abs(logCount));
        });
      }
    }),
  );
});

test('draws as the reference implementation does where classes and tokens are many', () => {
  const classes = 1_000_000;
  const counts = Float64Array.from({ length: classes }, (_, id) => 1e6 / (id + 1));
  const options = { classes, tokens: 6400, uniform: 1024, inBatch: 1024, counts };
  const random = uniforms(1);
  const targets = Int32Array.from({ length: 6400 }, () => Math.floor(classes ** random()));
  const weights = Float32Array.from(targets, () => (random() < 0.1 ? 0 : 1));
  expect(new NegativeSampler(options).draw(targets, weights, 2)).toEqual(drawReference(options, targets, weights, 2));
});

const counts = Array.from({ length: 50 }, (_, id) => 1000 / (id + 1));
const targets = Int32Array.of(0, 0, 1, 2, 0, 7, 9);
const weights = Float32Array.of(1, 1, 1, 1, 1, 1, 0);

test('negatives are all different, and hits are the positions of targets among them', () => {
  const sampler = new NegativeSampler({ classes: 50, tokens: 7, uniform: 20, inBatch: 3, counts });
  for (let seed = 1; seed < 50; seed++) {
    const { negatives, hits } = sampler.draw(targets, weights, seed);
    expect(new Set(negatives).size).toBe(23);
    expect([...hits]).toEqual([...targets].map((target) => negatives.indexOf(target) + 1));
    // At least three of the batch's different targets; the padding's is none of them.
    expect([0, 1, 2, 7].filter((id) => negatives.includes(id)).length).toBeGreaterThanOrEqual(3);
  }
});

test('the same seed draws the same, another draws others', () => {
  const sampler = new NegativeSampler({ classes: 50, tokens: 7, uniform: 10 });
  const first = sampler.draw(targets, weights, 1);
  expect(sampler.draw(targets, weights, 2).negatives).not.toEqual(first.negatives);
  expect(sampler.draw(targets, weights, 1)).toEqual(first);
});

test('classes are drawn as often as logQ says', () => {
  const classes = 30;
  const shares = Array.from({ length: classes }, (_, id) => 1000 / (id + 2));
  const sampler = new NegativeSampler({ classes, tokens: 12, uniform: 6, inBatch: 4, counts: shares });
  const total = shares.reduce((sum, share) => sum + share, 0);
  const bounds = shares.map((_, id) => shares.slice(0, id + 1).reduce((sum, share) => sum + share, 0) / total);
  const drawn = new Float64Array(classes);
  const said = new Float64Array(classes);
  const draws = 4000;
  const random = uniforms(1);
  for (let seed = 0; seed < draws; seed++) {
    const batch = Int32Array.from({ length: 12 }, () => {
      const at = random();
      return bounds.findIndex((bound) => at < bound);
    });
    const { negatives, logCounts } = sampler.draw(batch, new Float32Array(12).fill(1), seed);
    for (const [rank, id] of negatives.entries()) {
      drawn[id] += 1 / draws;
      // By importance: the mean of 1 / q over draws is 1 where q is the chance to be drawn.
      said[id] += 1 / Math.exp(logCounts[rank]) / draws;
    }
  }
  for (const id of said.keys()) expect(said[id], `class ${id}, drawn ${drawn[id]}`).toBeGreaterThan(0.9);
  for (const id of said.keys()) expect(said[id], `class ${id}, drawn ${drawn[id]}`).toBeLessThan(1.1);
});

test('all classes can be negatives, and nothing is then corrected', () => {
  const sampler = new NegativeSampler({ classes: 5, tokens: 7, uniform: 5 });
  const { negatives, logCounts, hits } = sampler.draw(Int32Array.of(4, 0), Float32Array.of(1, 1), 3);
  expect([...negatives].sort()).toEqual([0, 1, 2, 3, 4]);
  expect([...logCounts].every((logCount) => logCount === 0)).toBe(true);
  expect([...hits]).toEqual([negatives.indexOf(4) + 1, negatives.indexOf(0) + 1]);
});

test('too many negatives, targets of the batch without counts, and too many targets are refused', () => {
  const tokens = 2;
  expect(() => new NegativeSampler({ classes: 5, tokens, uniform: 6 })).toThrow(
    new RangeError('6 negatives are more than the 5 classes.'),
  );
  expect(() => new NegativeSampler({ classes: 5, tokens, uniform: 3, inBatch: 3, counts: [1, 1, 1, 1, 1] })).toThrow(
    new RangeError('6 negatives are more than the 5 classes.'),
  );
  expect(() => new NegativeSampler({ classes: 5, tokens, uniform: 1, inBatch: 1 })).toThrow('need a count per class');
  expect(() => new NegativeSampler({ classes: 5, tokens, uniform: 1 }).draw(targets, weights, 1)).toThrow(RangeError);
});
