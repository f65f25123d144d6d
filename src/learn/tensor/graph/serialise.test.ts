import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { add, multiply } from '../operations/arithmetic.ts';
import { dropout } from '../operations/dropout.ts';
import { serialise } from './serialise.ts';
import { constant, input } from './value.ts';

async function run(...[outputs, mode]: Parameters<typeof serialise>): Promise<Record<string, ArrayLike<unknown>>> {
  const session = await InferenceSession.create(serialise(outputs, mode).bytes, { logSeverityLevel: 3 });
  const x = new Tensor('float32', Float32Array.of(1, -2), [2]);
  const results = await session.run(session.inputNames.includes('x') ? { x } : {});
  await session.release();
  // All are float32.
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]));
}

const x = input('x', [2]);

test('an output may be an input, a constant, and another output under a second name', async () => {
  const twice = multiply(x, 2);
  const outputs = { same: x, five: constant(Float32Array.of(5), [1]), twice, again: twice, more: add(twice, 1) };
  expect(await run(outputs, 'inference')).toEqual({
    same: [1, -2],
    five: [5],
    twice: [2, -4],
    again: [2, -4],
    more: [3, -3],
  });
});

test('in inference dropouts vanish with their masks', async () => {
  const y = multiply(dropout(x, 0.5), 3);
  expect([...serialise({ y }, 'step').feeds.values()].map(({ source }) => source.kind)).toEqual(['input', 'mask']);
  expect(await run({ y }, 'inference')).toEqual({ y: [3, -6] });
});

test('two inputs of one name are refused, and an input used twice is one', () => {
  expect(() => serialise({ y: add(x, input('x', [2])) }, 'step')).toThrow('Two inputs are named x.');
  expect([...serialise({ y: add(x, x) }, 'step').feeds.keys()]).toEqual(['x']);
});
