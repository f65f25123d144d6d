import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradients } from '../graph/gradients.ts';
import { constant, input, type Value } from '../graph/value.ts';
import { reach } from '../graph/walk.ts';
import { add, multiply } from '../operations/arithmetic.ts';
import { checkGradients } from '../reference/check-gradients.reference.ts';
import { interpret } from '../reference/interpreter.reference.ts';
import { runs, seeds } from '../reference/shapes.arbitrary.ts';
import { fullSoftmax } from './full-softmax.ts';
import { bayesianPersonalisedRanking, binaryCrossEntropy } from './pointwise.ts';
import { sampledSoftmax } from './sampled-softmax.ts';

/** Tokens with weights, of which some may be 0, over a table of classes. */
const cases = fc.record({
  tokens: fc.array(fc.record({ target: fc.nat(5), weight: fc.constantFrom(0, 1, 2) }), { minLength: 1, maxLength: 6 }),
  width: fc.integer({ min: 1, max: 4 }),
  seed: seeds,
});
const classes = 6;

const ints = (values: readonly number[]) => constant(Int32Array.from(values), [values.length]);
const floats = (values: readonly number[]) => constant(Float32Array.from(values), [values.length]);
const only = (value: Value) => interpret([value], 'step', () => [])[0]?.data[0];

describe('full softmax', () => {
  test('its gradients, of a table that is read elsewhere too, and of biases', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ tokens, width, seed }) => {
        const targets = ints(tokens.map(({ target }) => target));
        const weights = floats(tokens.map(({ weight }) => weight));
        const shapes = [[tokens.length, width], [classes, width], [classes]];
        const build = (x: Value, table: Value, bias: Value) => {
          const hidden = add(x, multiply(2, x));
          return fullSoftmax({ hidden, table: multiply(table, table), bias, targets, weights });
        };
        await checkGradients({ shapes, seed, build });
      }),
      runs,
    );
  });

  test('is the weighted mean of −ln softmax, and 0 where all weights are', () => {
    const parts = {
      hidden: constant(Float32Array.of(1, 2), [2, 1]),
      table: constant(Float32Array.of(0, Math.log(2), Math.log(3)), [3, 1]),
      targets: ints([1, 2]),
    };
    // Scores ln 1, ln 2, ln 3 and twice those: −ln (2/6) and −ln (9/14).
    const expected = (3 * Math.log(3) + Math.log(14 / 9)) / 4;
    expect(only(fullSoftmax({ ...parts, weights: floats([3, 1]) }))).toBeCloseTo(expected, 6);
    expect(only(fullSoftmax({ ...parts, weights: floats([0, 0]) }))).toBe(0);
  });
});

describe('sampled softmax', () => {
  test('its gradients, with and without targets among the negatives', async () => {
    const negatives = fc.uniqueArray(fc.nat(classes - 1), { minLength: 1, maxLength: classes });
    await fc.assert(
      fc.asyncProperty(cases, negatives, async ({ tokens, width, seed }, drawn) => {
        const targets = tokens.map(({ target }) => target);
        const shapes = [
          [tokens.length, width],
          [classes, width],
        ];
        const build = (hidden: Value, table: Value) =>
          sampledSoftmax({
            hidden,
            table,
            targets: ints(targets),
            negatives: ints(drawn),
            logCounts: floats(drawn.map((id) => Math.log((id + 1) / classes))),
            hits: ints(targets.map((target) => drawn.indexOf(target) + 1)),
            weights: floats(tokens.map(({ weight }) => weight)),
          });
        await checkGradients({ shapes, seed, build });
      }),
      runs,
    );
  });

  test('equals the full softmax when every class is a negative once', () => {
    const hidden = constant(Float32Array.of(0.3, -1, 2, 0.1), [2, 2]);
    const table = constant(
      Float32Array.from({ length: 2 * classes }, (_, at) => Math.sin(at)),
      [classes, 2],
    );
    const weights = floats([1, 2]);
    const all = [3, 0, 1, 5, 4, 2];
    const targets = [4, 3];
    const sampled = sampledSoftmax({
      hidden,
      table,
      targets: ints(targets),
      negatives: ints(all),
      logCounts: floats(all.map(() => 0)),
      hits: ints(targets.map((target) => all.indexOf(target) + 1)),
      weights,
    });
    expect(only(sampled)).toBeCloseTo(only(fullSoftmax({ hidden, table, targets: ints(targets), weights })), 6);
  });

  test('corrects negatives by how often they are drawn, and leaves the target alone', () => {
    const loss = sampledSoftmax({
      hidden: constant(Float32Array.of(1), [1, 1]),
      table: constant(Float32Array.of(Math.log(2), Math.log(3), Math.log(5)), [3, 1]),
      targets: ints([0]),
      negatives: ints([0, 2]),
      logCounts: floats([Math.log(0.5), Math.log(0.25)]),
      hits: ints([1]),
      weights: floats([1]),
    });
    // The hit does not count; class 2 counts four times.
    expect(only(loss)).toBeCloseTo(-Math.log(2 / (2 + 20)), 6);
  });
});

test('of tokens × classes there are the scores and their softmax, and nothing else', () => {
  const [tokens, width, count] = [50, 4, 300];
  const hidden = input('hidden', [tokens, width]);
  const table = input('table', [count, width]);
  const ids = (name: string, length: number) => input(name, [length], 'int32');
  const targets = ids('targets', tokens);
  const weights = input('weights', [tokens]);
  const logCounts = input('logCounts', [200]);
  const negatives = ids('negatives', 200);
  const full = fullSoftmax({ hidden, table, targets, weights });
  const sampled = sampledSoftmax({ hidden, table, targets, weights, negatives, logCounts, hits: ids('hits', tokens) });
  for (const loss of [full, sampled]) {
    const found = gradients(loss, [hidden, table]).filter((value) => value !== undefined);
    const large = reach([loss, ...found], 'step').nodes.filter(({ outputs }) =>
      outputs.some(({ shape }) => shape[0] === tokens && (shape[1] ?? 0) >= 200),
    );
    expect(large.map(({ operator }) => operator)).toEqual(['Gemm', 'Softmax']);
  }
});

test('binary cross-entropy and BPR by hand', () => {
  const scores = floats([Math.log(3), 0]);
  const labels = floats([1, 0]);
  expect(only(binaryCrossEntropy(scores, labels, floats([1, 3])))).toBeCloseTo(
    (Math.log(4 / 3) + 3 * Math.log(2)) / 4,
    6,
  );
  const worse = floats([0, Math.log(3)]);
  expect(only(bayesianPersonalisedRanking(scores, worse, floats([1, 1])))).toBeCloseTo(Math.log(16 / 3) / 2, 6);
});

test('the gradients of binary cross-entropy and BPR', async () => {
  const weights = floats([1, 0, 2]);
  const shapes = [[3], [3]];
  await checkGradients({ shapes, seed: 1, build: (a, b) => binaryCrossEntropy(a, b, weights) });
  await checkGradients({ shapes, seed: 2, build: (a, b) => bayesianPersonalisedRanking(a, b, weights) });
});
