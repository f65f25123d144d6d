let state: u32 = 0;

/** Begins the numbers of `seed`. */
export function startUniforms(seed: u32): void {
  state = seed;
}

/** The next number in [0, 1): mulberry32 (Tommy Ettinger, public domain), number for number as that of ../random.ts. */
export function uniform(): f64 {
  state += 0x6d2b79f5;
  let mixed = (state ^ (state >> 15)) * (state | 1);
  mixed ^= mixed + (mixed ^ (mixed >> 7)) * (mixed | 61);
  return <f64>(mixed ^ (mixed >> 14)) / 4294967296.0;
}
