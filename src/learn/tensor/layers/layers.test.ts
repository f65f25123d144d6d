import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradients } from '../graph/gradients.ts';
import { Scope } from '../graph/scope.ts';
import { constant, input, type Value } from '../graph/value.ts';
import { gather } from '../operations/gather.ts';
import { checkParameters } from '../reference/check-gradients.reference.ts';
import { interpret } from '../reference/interpreter.reference.ts';
import { seeds, sizes } from '../reference/shapes.arbitrary.ts';
import { attention, causalMask } from './attention.ts';
import { embedding } from './embedding.ts';
import { factorisationMachine } from './factorisation-machine.ts';
import { feedForward, mlp } from './feed-forward.ts';
import { gru } from './gru.ts';
import { layerNorm } from './layer-norm.ts';
import { transformerBlock } from './transformer.ts';

const few = { numRuns: 6 };

describe('gradients of layers, for their input and every parameter', () => {
  test('feed-forward and MLP', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        sizes,
        fc.constantFrom('gelu', 'silu', 'tanh'),
        seeds,
        async (rows, width, activation, seed) => {
          const build = (scope: Scope, x: Value) => feedForward(scope, x, { width: 5, activation, dropout: 0.2 });
          await checkParameters({ shapes: [[rows, 2, width]], seed, build });
          await checkParameters({
            shapes: [[rows, width]],
            seed,
            build: (scope, x) => mlp(scope, x, [4, 3, 1], { activation }),
          });
        },
      ),
      few,
    );
  });

  test('attention of any heads over packed sequences, and a whole block', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 3), sizes, sizes, seeds, async (heads, rows, length, seed) => {
        const segments = constant(
          Int32Array.from({ length: rows * length }, (_, at) => Math.floor((at * seed) % 7) % 2),
          [rows, length],
        );
        const mask = causalMask(segments);
        const shapes = [[rows, length, 6]];
        await checkParameters({
          shapes,
          seed,
          build: (scope, x) => attention(scope, x, { heads, mask, dropout: 0.2 }),
        });
        const options = {
          attention: { heads, mask },
          feedForward: { width: 4, activation: 'gelu' },
          dropout: 0.3,
        } as const;
        await checkParameters({
          shapes,
          seed,
          tolerance: 2e-3,
          build: (scope, x) => transformerBlock(scope, x, options),
        });
      }),
      { numRuns: 3 },
    );
  });

  test('GRU over steps, with sessions that begin on the way', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, sizes, fc.boolean(), seeds, async (steps, rows, hidden, restarts, seed) => {
        const starts = constant(
          Float32Array.from({ length: steps * rows }, (_, at) => (at * seed) % 2),
          [steps, rows],
        );
        const build = (scope: Scope, x: Value, state: Value, fresh: Value) =>
          gru(scope, x, state, restarts ? { starts, fresh } : { starts }).states;
        await checkParameters({
          shapes: [
            [steps, rows, 3],
            [rows, hidden],
            [rows, hidden],
          ],
          seed,
          build,
        });
      }),
      few,
    );
  });

  test('factorisation machine and layer norm', async () => {
    await checkParameters({
      shapes: [
        [2, 3, 4],
        [2, 3],
      ],
      seed: 5,
      build: factorisationMachine,
    });
    await checkParameters({ shapes: [[3, 4]], seed: 6, build: (scope, x) => layerNorm(scope, x, 1e-2) });
  });
});

test('a position sees itself and what came before it in its segment, and nothing else', () => {
  const scope = Scope.root(1);
  const mask = causalMask(constant(Int32Array.of(1, 1, 2, 2), [1, 4]));
  const x = input('x', [1, 4, 2]);
  const seen = attention(scope, x, { heads: 1, mask });
  const numbers = (moved: number) => (value: Value) =>
    value === x
      ? Float64Array.from({ length: 8 }, (_, at) => Math.sin(at) + (Math.floor(at / 2) === moved ? 1 : 0))
      : filled(value);
  const outputs = (moved: number) => interpret([seen], 'step', numbers(moved))[0]?.data ?? new Float64Array();
  const plain = outputs(-1);
  const changed = (moved: number) => [0, 1, 2, 3].filter((at) => outputs(moved)[2 * at] !== plain[2 * at]);
  expect([0, 1, 2, 3].map(changed)).toEqual([[0, 1], [1], [2, 3], [3]]);
});

test('a block asked for one position of each row has there what it has anyway', () => {
  const x = input('x', [2, 3, 4]);
  const mask = causalMask(constant(Int32Array.of(1, 1, 1, 1, 2, 2), [2, 3]));
  const options = { attention: { heads: 2, mask }, feedForward: { width: 5 } };
  const positions = constant(Int32Array.of(1, 5), [2]);
  const scope = Scope.root(1);
  const all = transformerBlock(scope, x, options);
  const some = transformerBlock(scope, x, { ...options, positions });
  const [whole, part] = interpret([all, some], 'step', filled).map(({ data }) => Array.from(data));
  expect(some.shape).toEqual([2, 1, 4]);
  expect(part).toEqual([...(whole?.slice(4, 8) ?? []), ...(whole?.slice(20, 24) ?? [])]);
});

test('a factorisation machine sums its parts', () => {
  const scope = Scope.root(1);
  const vectors = constant(Float32Array.of(1, 2, 3, 4, 5, 6), [1, 3, 2]);
  const score = factorisationMachine(scope, vectors, constant(Float32Array.of(1, 1, 1), [1, 3]));
  // Pairs: 1·3 + 2·4, 1·5 + 2·6, 3·5 + 4·6.
  expect(interpret([score], 'step', () => [10])[0]?.data[0]).toBe(10 + 3 + 11 + 17 + 39);
});

test('a model called again finds its parameters, and is refused others', () => {
  const scope = Scope.root(1);
  const one = embedding(scope.in('items'), { rows: 3, width: 2 });
  expect(embedding(scope.in('items'), { rows: 3, width: 2 })).toBe(one);
  expect(() => embedding(scope.in('items'), { rows: 4, width: 2 })).toThrow(
    'items.table [3, 2] was asked for as [4, 2].',
  );
  expect(scope.entries.map(({ parameter }) => parameter.name)).toEqual(['items.table']);
  expect(() => gradients(gather(one, input('ids', [2], 'int32')), [one])).toThrow(
    'Only a scalar can be differentiated',
  );
});

function filled({ shape }: Value): Float64Array {
  return Float64Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, at) => Math.cos(at + 1));
}
