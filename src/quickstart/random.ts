/** Random numbers that a seed decides: the same seed, the same sequence. */
export type Random = {
  /** In [0, 1). */
  uniform(): number;
  /** An integer in [0, below). */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with this mean. */
  exponential(mean: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
};

/** Mulberry32: a 32-bit Weyl sequence behind a mixing function; plenty for a made-up data set, and one line. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number) => Math.floor(uniform() * below);
  return {
    uniform,
    integer,
    // Box–Muller; 1 − u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    pick: (from) => from[integer(from.length)] ?? from[0],
  };
}
