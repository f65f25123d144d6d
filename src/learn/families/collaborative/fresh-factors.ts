import type { Csr } from '../../kernels/csr.ts';
import { normals } from '../../kernels/random.ts';

/** As large as the factors that ALS begins with (Rendle et al. 2022). */
const initialDeviation = 0.1;

/**
 * Factors for a warm start, over users some of whom are new. An item that nobody had before has the factor 0, and stays
 * there as long as all items of its users do: those begin at random, as they do from scratch.
 *
 * @param factors items × width
 */
export function withFreshFactors(
  factors: Float32Array,
  { rows, offsets, indices, columns }: Csr,
  seed: number,
): Float32Array {
  const width = factors.length / columns;
  const isZero = Uint8Array.from({ length: columns }, (_, item) =>
    factors.subarray(item * width, (item + 1) * width).every((value) => value === 0) ? 1 : 0,
  );
  const isFresh = isZero.slice();
  for (let user = 0; user < rows; user++) {
    const items = indices.subarray(offsets[user], offsets[user + 1]);
    if (items.some((item) => isZero[item] === 0)) for (const item of items) isFresh[item] = 0;
  }
  if (!isFresh.includes(1)) return factors;
  const random = normals(initialDeviation / Math.sqrt(width), seed);
  return factors.map((value, at) => (isFresh[Math.floor(at / width)] === 1 ? random() : value));
}
