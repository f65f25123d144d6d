import type { Csr } from '../src/learn/kernels/csr.ts';
import { normals, uniforms } from '../src/learn/kernels/random.ts';

export type Size = { readonly users: number; readonly items: number; readonly interactions: number };

/**
 * As many as MovieLens 20M has, and with its skew: the median user has half the mean, the top tenth of the items four
 * fifths of all.
 */
export const movieLensLike: Size = { users: 138_000, items: 27_000, interactions: 20_000_000 };
export const quickSize: Size = { users: 5_000, items: 3_000, interactions: 300_000 };

/**
 * A users × items matrix of about `interactions` entries over shared memory. History lengths are lognormal, popularity
 * follows Zipf and Mandelbrot, item numbers say nothing of popularity.
 */
export function generateInteractions({ users, items, interactions }: Size, seed = 1): Csr {
  const lengths = historyLengths(users, items, interactions, seed);
  const offsets = new Uint32Array(new SharedArrayBuffer((users + 1) * 4));
  lengths.forEach((length, user) => {
    offsets[user + 1] = (offsets[user] ?? 0) + length;
  });
  const indices = new Uint32Array(new SharedArrayBuffer((offsets[users] ?? 0) * 4));
  const draw = popularItems(items, seed);
  const lastUser = new Uint32Array(items); // the last user, plus 1, who drew the item
  let entry = 0;
  lengths.forEach((length, user) => {
    const begin = entry;
    while (entry < begin + length) {
      const item = draw();
      if (lastUser[item] === user + 1) continue;
      lastUser[item] = user + 1;
      indices[entry++] = item;
    }
    indices.subarray(begin, entry).sort();
  });
  return { rows: users, columns: items, offsets, indices };
}

/** Lengths of mean interactions / users, at most a third of the items. */
function historyLengths(users: number, items: number, interactions: number, seed: number): Uint32Array {
  const normal = normals(1.1, seed);
  const raw = Float64Array.from({ length: users }, () => Math.exp(normal()));
  const scale = interactions / raw.reduce((sum, length) => sum + length, 0);
  return Uint32Array.from(raw, (length) => Math.max(1, Math.min(Math.round(length * scale), Math.floor(items / 3))));
}

/** Draws items with probability proportional to (rank + items / 135)^-1.5, by Walker's alias method (1977). */
function popularItems(items: number, seed: number): () => number {
  const uniform = uniforms(seed + 1);
  const byRank = shuffled(items, uniform);
  const weights = Float64Array.from({ length: items }, (_, rank) => (rank + items / 135) ** -1.5);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / items;
  const chance = weights.map((weight) => weight / mean);
  const alias = new Uint32Array(items);
  const small = [...chance.keys()].filter((rank) => (chance[rank] ?? 0) < 1);
  const large = [...chance.keys()].filter((rank) => (chance[rank] ?? 0) >= 1);
  for (let low = small.pop(), high = large.pop(); low !== undefined && high !== undefined; low = small.pop()) {
    alias[low] = high;
    chance[high] = (chance[high] ?? 0) - (1 - (chance[low] ?? 0));
    if ((chance[high] ?? 0) >= 1) continue;
    small.push(high);
    high = large.pop();
  }
  return () => {
    const column = Math.floor(uniform() * items);
    const rank = uniform() < (chance[column] ?? 1) ? column : (alias[column] ?? 0);
    return byRank[rank] ?? 0;
  };
}

function shuffled(count: number, uniform: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
