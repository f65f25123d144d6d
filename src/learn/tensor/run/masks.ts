import type { Tensor } from 'onnxruntime-node';
import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { seedOf, uniforms } from '../random.ts';
import { floatTensor } from './tensors.ts';

/** Values of a pool at least, and how much larger than the largest mask it is at least. */
const poolSize = 1 << 22;
const poolPerMask = 4;

/** The dropout masks of a step by the names under which they are fed. */
export type Masks = (step: number) => Record<string, Tensor>;

/**
 * Masks for the inputs that are ones: pieces at random offsets of one long random mask for each rate. Those of a step
 * depend on the seed and on the step's number alone, so that a resumed training sees the same ones.
 */
export function masksFor(feeds: ReadonlyMap<string, Value>, seed: number): Masks {
  const masks = [...feeds].flatMap(([name, { source, shape }]) =>
    source.kind === 'mask' ? [{ name, shape, rate: source.rate, size: sizeOf(shape) }] : [],
  );
  const rates = new Set(masks.map(({ rate }) => rate));
  const largest = Math.max(0, ...masks.map(({ size }) => size));
  const pools = new Map([...rates].map((rate) => [rate, pool(rate, Math.max(poolSize, poolPerMask * largest), seed)]));
  return (step) => {
    const cuts = masks.map(({ name, shape, rate, size }, mask) => {
      const values = pools.get(rate) ?? new Float32Array(0);
      const start = seedOf(seed, 'cut', step, mask) % (values.length - size + 1);
      return [name, floatTensor(values.subarray(start, start + size), shape)] as const;
    });
    return Object.fromEntries(cuts);
  };
}

function pool(rate: number, size: number, seed: number): Float32Array {
  const values = new Float32Array(size);
  const next = uniforms(seedOf(seed, 'mask', rate));
  const kept = 1 / (1 - rate);
  for (let at = 0; at < size; at++) values[at] = next() < rate ? 0 : kept;
  return values;
}
