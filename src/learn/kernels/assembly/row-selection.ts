// Which of many rows have a value that is asked for. `count` is a multiple of 32; `bits` takes one bit a row, the first
// row's lowest. A lane of a comparison that holds is −1, so that narrowing keeps it and `bitmask` takes its sign.

/** 16 lanes of four comparisons as 16 bits. */
@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128): i32 {
  const low = i16x8.narrow_i32x4_s(a, b);
  const high = i16x8.narrow_i32x4_s(c, d);
  return i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** The lanes of two comparisons of 64-bit numbers as those of one of 32-bit numbers. */
@inline
function halved(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

@inline
function add(bits: usize, found: i32): void {
  store<u16>(bits, <u16>(load<u16>(bits) | found));
}

@inline
function withinF32(at: usize, low: v128, high: v128): v128 {
  const values = v128.load(at);
  return v128.and(f32x4.ge(values, low), f32x4.le(values, high));
}

/** Of integers "greater" is one instruction and "at least" two, so that it is cheaper to see what is not within. */
@inline
function beyondI32(at: usize, low: v128, high: v128): v128 {
  const values = v128.load(at);
  return v128.or(i32x4.gt_s(low, values), i32x4.gt_s(values, high));
}

@inline
function withinF64(at: usize, low: v128, high: v128): v128 {
  const first = v128.load(at);
  const second = v128.load(at, 16);
  return halved(
    v128.and(f64x2.ge(first, low), f64x2.le(first, high)),
    v128.and(f64x2.ge(second, low), f64x2.le(second, high)),
  );
}

@inline
function beyondI64(at: usize, low: v128, high: v128): v128 {
  const first = v128.load(at);
  const second = v128.load(at, 16);
  return halved(
    v128.or(i64x2.gt_s(low, first), i64x2.gt_s(first, high)),
    v128.or(i64x2.gt_s(low, second), i64x2.gt_s(second, high)),
  );
}

/** Adds the rows whose value is at least `low` and at most `high`. */
export function selectFloats(values: usize, count: usize, low: f32, high: f32, bits: usize): void {
  const least = f32x4.splat(low);
  const most = f32x4.splat(high);
  for (let at = values, end = values + (count << 2); at < end; at += 64, bits += 2) {
    const found = bitsOf(
      withinF32(at, least, most),
      withinF32(at + 16, least, most),
      withinF32(at + 32, least, most),
      withinF32(at + 48, least, most),
    );
    add(bits, found);
  }
}

/** The same of 32-bit integers. */
export function selectInts(values: usize, count: usize, low: i32, high: i32, bits: usize): void {
  const least = i32x4.splat(low);
  const most = i32x4.splat(high);
  for (let at = values, end = values + (count << 2); at < end; at += 64, bits += 2) {
    const beyond = bitsOf(
      beyondI32(at, least, most),
      beyondI32(at + 16, least, most),
      beyondI32(at + 32, least, most),
      beyondI32(at + 48, least, most),
    );
    add(bits, ~beyond);
  }
}

/** The same of doubles. */
export function selectDoubles(values: usize, count: usize, low: f64, high: f64, bits: usize): void {
  const least = f64x2.splat(low);
  const most = f64x2.splat(high);
  for (let at = values, end = values + (count << 3); at < end; at += 128, bits += 2) {
    const found = bitsOf(
      withinF64(at, least, most),
      withinF64(at + 32, least, most),
      withinF64(at + 64, least, most),
      withinF64(at + 96, least, most),
    );
    add(bits, found);
  }
}

/** The same of 64-bit integers. */
export function selectLongs(values: usize, count: usize, low: i64, high: i64, bits: usize): void {
  const least = i64x2.splat(low);
  const most = i64x2.splat(high);
  for (let at = values, end = values + (count << 3); at < end; at += 128, bits += 2) {
    const beyond = bitsOf(
      beyondI64(at, least, most),
      beyondI64(at + 32, least, most),
      beyondI64(at + 64, least, most),
      beyondI64(at + 96, least, most),
    );
    add(bits, ~beyond);
  }
}

/** The rows whose code, a byte, has its bit set in the 256 bits at `table`. */
export function selectBytes(codes: usize, count: usize, table: usize, bits: usize): void {
  const low = v128.load(table);
  const high = v128.load(table, 16);
  const powers = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const sixteen = i8x16.splat(16);
  const seven = i8x16.splat(7);
  for (let end = codes + count; codes < end; codes += 16, bits += 2) {
    const code = v128.load(codes);
    const index = i8x16.shr_u(code, 3);
    // An index beyond a half gives 0 there.
    const byte = v128.or(i8x16.swizzle(low, index), i8x16.swizzle(high, i8x16.sub(index, sixteen)));
    const power = i8x16.swizzle(powers, v128.and(code, seven));
    store<u16>(bits, <u16>i8x16.bitmask(i8x16.eq(v128.and(byte, power), power)));
  }
}

/** Bit `n` of eight rows: the byte, 0 or 1, that the table has for the code of row `n`. */
@inline
function bitAt(codes: usize, n: u32, table: usize): u32 {
  return <u32>load<u8>(table + <usize>load<u16>(codes + (n << 1))) << n;
}

/** The rows whose 16-bit code has a 1 in the table, which has a byte for each code. */
export function selectShorts(codes: usize, count: usize, table: usize, bits: usize): void {
  // Unrolled, since two loads a row are all that it takes.
  for (let end = codes + (count << 1); codes < end; codes += 16, bits += 1) {
    const found =
      bitAt(codes, 0, table) |
      bitAt(codes, 1, table) |
      bitAt(codes, 2, table) |
      bitAt(codes, 3, table) |
      bitAt(codes, 4, table) |
      bitAt(codes, 5, table) |
      bitAt(codes, 6, table) |
      bitAt(codes, 7, table);
    store<u8>(bits, <u8>found);
  }
}

/** The rows whose 16-bit code is in one of `many` ranges: pairs of 16-bit numbers, the first and how many follow it. */
export function selectShortRanges(codes: usize, count: usize, ranges: usize, many: usize, bits: usize): void {
  for (let end = codes + (count << 1); codes < end; codes += 32, bits += 2) {
    const first = v128.load(codes);
    const second = v128.load(codes, 16);
    let inFirst = i16x8.splat(0);
    let inSecond = i16x8.splat(0);
    for (let range = ranges, last = ranges + (many << 2); range < last; range += 4) {
      const low = v128.load_splat<u16>(range);
      const span = v128.load_splat<u16>(range, 2);
      inFirst = v128.or(inFirst, i16x8.le_u(i16x8.sub(first, low), span));
      inSecond = v128.or(inSecond, i16x8.le_u(i16x8.sub(second, low), span));
    }
    store<u16>(bits, <u16>i8x16.bitmask(i8x16.narrow_i16x8_s(inFirst, inSecond)));
  }
}

@inline
function inRanges(at: usize, ranges: usize, last: usize): v128 {
  const values = v128.load(at);
  let found = i32x4.splat(0);
  for (let range = ranges; range < last; range += 8) {
    const distance = i32x4.sub(values, v128.load_splat<u32>(range));
    found = v128.or(found, i32x4.le_u(distance, v128.load_splat<u32>(range, 4)));
  }
  return found;
}

/** The same of 32-bit codes, with ranges of pairs of 32-bit numbers. */
export function selectWordRanges(codes: usize, count: usize, ranges: usize, many: usize, bits: usize): void {
  const last = ranges + (many << 3);
  for (let end = codes + (count << 2); codes < end; codes += 64, bits += 2) {
    const found = bitsOf(
      inRanges(codes, ranges, last),
      inRanges(codes + 16, ranges, last),
      inRanges(codes + 32, ranges, last),
      inRanges(codes + 48, ranges, last),
    );
    store<u16>(bits, <u16>found);
  }
}
