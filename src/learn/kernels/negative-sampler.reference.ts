// The reference implementation of the negative sampler, which the tests compare it with.
import type { NegativeSamplerOptions, Negatives } from './negative-sampler.ts';
import { uniforms } from './random.ts';

export function drawReference(
  { classes, uniform, inBatch = 0, counts = [] }: NegativeSamplerOptions,
  targets: Int32Array,
  weights: Float32Array,
  seed: number,
): Negatives {
  const random = uniforms(seed);
  const counting = targets.filter((_, token) => weights[token] > 0);
  const own = inBatch > 0 ? [...new Set(counting)] : [];
  const chosen = choose(own, inBatch, random);
  const drawn = new Set(chosen);
  while (drawn.size < uniform + inBatch) drawn.add(Math.floor(random() * classes));
  const negatives = Int32Array.from(drawn);
  const kept = own.length === 0 ? 0 : chosen.length / own.length;
  const others = negatives.length - chosen.length;
  const even = others === 0 ? 0 : others / (classes - chosen.length);
  const known = Array.from(counts, (count) => Math.max(count, 0.5));
  const total = known.reduce((sum, count) => sum + count, 0);
  const logCounts = Float32Array.from(negatives, (id) => {
    const missed = Math.log1p(-Math.min(known[id] / total, 1 - 1e-9));
    const fromBatch = own.length === 0 ? 0 : kept * -Math.expm1(counting.length * missed);
    return Math.log(fromBatch + (1 - fromBatch) * even);
  });
  return { negatives, logCounts, hits: targets.map((target) => negatives.indexOf(target) + 1) };
}

/** `count` of the ids without replacement, all if there are fewer. */
function choose(ids: readonly number[], count: number, random: () => number): readonly number[] {
  const left = [...ids];
  return left.slice(0, count).map((_, n) => {
    const other = n + Math.floor(random() * (left.length - n));
    const id = left[other];
    left[other] = left[n];
    left[n] = id;
    return id;
  });
}
