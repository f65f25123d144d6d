/** How many of `count` floats (a multiple of 4) at `values` are at least `bound`. */
export function countAtLeast(values: usize, count: usize, bound: f32): u32 {
  const bounds = f32x4.splat(bound);
  let counts = i32x4.splat(0);
  // A lane of a comparison that holds is −1.
  for (let at = values, end = values + (count << 2); at < end; at += 16) {
    counts = i32x4.sub(counts, f32x4.ge(v128.load(at), bounds));
  }
  return (
    i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) +
    (i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3))
  );
}
