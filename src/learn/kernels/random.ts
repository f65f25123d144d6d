/** Numbers in [0, 1), the same for the same seed: mulberry32 (Tommy Ettinger, public domain). */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers of mean 0 and the given standard deviation (Box and Muller 1958). */
export function normals(deviation: number, seed: number): () => number {
  const uniform = uniforms(seed);
  return () => deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** `count` of the values (all, if there are fewer) drawn without replacement, in the order drawn. */
export function draw(values: Uint32Array, count: number, random: () => number): Uint32Array {
  const left = values.slice();
  const drawn = Math.min(count, left.length);
  for (let n = 0; n < drawn; n++) {
    const other = n + Math.floor(random() * (left.length - n));
    const value = left[other];
    left[other] = left[n];
    left[n] = value;
  }
  return left.slice(0, drawn);
}
