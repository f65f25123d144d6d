import { normals, uniforms } from '../src/learn/kernels/random.ts';
import { VectorRanker } from '../src/learn/kernels/vector-ranker.ts';
import { maskWhere } from '../src/learn/model/item-mask.ts';
import { median, quantile } from './median.ts';
import { plainSum } from './plain-sum.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const width = 64;
const limit = 100;
/** Of the bandwidth of a plain sum over the same numbers. */
const leastShare = 0.6;
const rounds = 21;
/** Shares of the rows that a mask lets in, with the least speed beside no mask; the clock is off by some percent. */
const masks = [
  { share: 0.5, least: 0.95 },
  { share: 0.005, least: 1.5 },
  { share: 0.0001, least: 10 },
];

/**
 * The exact best 100 of many vectors by their products with another, one thread, in turns with a plain sum over the
 * same numbers; and the best of those that masks let in, in turns with the best of all.
 */
export async function benchTopK({ quick }: BenchOptions): Promise<BenchResult[]> {
  const count = quick ? 50_000 : 1_000_000;
  const vectors = drawVectors(count);
  const sum = await plainSum(vectors);
  const rankers = { all: new VectorRanker(vectors, width, false), coded: new VectorRanker(vectors, width, true) };
  const times = { sum: [] as number[], all: [] as number[], coded: [] as number[] };
  const normal = normals(1, 2);
  for (let round = 0; round < rounds; round++) {
    const query = { vector: Float32Array.from({ length: width }, normal), begin: clear };
    const rank = (ranker: VectorRanker) => ranker.rank([query], limit, { summing: false })[0]?.rows;
    times.sum.push(timed(sum));
    const [all, coded] = [timed(() => rank(rankers.all)), timed(() => rank(rankers.coded))];
    times.all.push(all);
    times.coded.push(coded);
  }
  const sumMs = median(times.sum);
  const gigabytes = (ms: number) => `${(vectors.byteLength / ms / 1e6).toFixed(1)} GB/s`;
  const size = `${count.toLocaleString('en')} × ${width}, ${limit} results, 1 thread, median of ${rounds}`;
  const result = (name: string, own: readonly number[]) => {
    const value = median(own);
    const least = `least ${quantile(own, 0).toFixed(2)} ms beside ${quantile(times.sum, 0).toFixed(2)}`;
    return {
      name: `top-k: ${name}`,
      value,
      unit: 'ms',
      ratio: sumMs / value,
      least: leastShare,
      detail: `${size}; ${gigabytes(value)} of floats, a plain sum of them ${sumMs.toFixed(2)} ms, ${gigabytes(sumMs)}; ${least}`,
    };
  };
  return [
    result('exact, reading float32', times.all),
    result('exact, reading 8-bit codes first', times.coded),
    ...benchMasks('float32', rankers.all, count),
    ...benchMasks('8-bit codes', rankers.coded, count),
  ];
}

/** A masked scan costs no more than an unmasked one, and a selective mask less. */
function benchMasks(name: string, ranker: VectorRanker, count: number): BenchResult[] {
  const normal = normals(1, 3);
  const random = uniforms(4);
  const eligible = masks.map(({ share }) => maskWhere(count, () => random() < share).words);
  const times = [undefined, ...eligible].map((words) => ({ words, ms: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    const vector = Float32Array.from({ length: width }, normal);
    for (const { words, ms } of times) {
      ms.push(timed(() => ranker.rank([{ vector, begin: clear, eligible: words }], limit, { summing: true })));
    }
  }
  const [unmasked = 0, ...masked] = times.map(({ ms }) => quantile(ms, 0));
  return masks.map(({ share, least }, n) => {
    const value = masked[n] ?? Number.NaN;
    return {
      name: `top-k: a mask of ${(100 * share).toFixed(2)} %, ${name}`,
      value,
      unit: 'ms',
      ratio: unmasked / value,
      least,
      detail: `${count.toLocaleString('en')} × ${width}, ${limit} results and the sum, least of ${rounds}; without a mask ${unmasked.toFixed(2)} ms`,
    };
  });
}

const clear = (starts: Float32Array) => starts.fill(0);

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** Vectors of normal numbers, cut at random from fewer: to draw each would take longer than the bench. */
function drawVectors(count: number): Float32Array {
  const pool = Float32Array.from({ length: 1 << 20 }, normals(1, 1));
  const random = uniforms(1);
  const vectors = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const from = Math.floor(random() * (pool.length - width));
    vectors.set(pool.subarray(from, from + width), row * width);
  }
  return vectors;
}
