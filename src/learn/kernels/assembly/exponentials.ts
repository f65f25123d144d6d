// e^x = 2^n · 2^f with n whole and f from −0.5 to 0.5; 2^f by a polynomial (the Taylor series of e^(f · ln 2) to degree 6,
// relative error below 2e-7). What is too small for a float32 counts as 2^−126.

// @ts-ignore: decorator
@inline
function exp(x: v128): v128 {
  const scaled = f32x4.max(f32x4.mul(x, f32x4.splat(1.44269504)), f32x4.splat(-126));
  const whole = f32x4.nearest(scaled);
  const part = f32x4.sub(scaled, whole);
  let power = f32x4.splat(1.5403530e-4);
  power = f32x4.relaxed_madd(power, part, f32x4.splat(1.3333558e-3));
  power = f32x4.relaxed_madd(power, part, f32x4.splat(9.6181291e-3));
  power = f32x4.relaxed_madd(power, part, f32x4.splat(5.5504109e-2));
  power = f32x4.relaxed_madd(power, part, f32x4.splat(2.4022651e-1));
  power = f32x4.relaxed_madd(power, part, f32x4.splat(6.9314718e-1));
  power = f32x4.relaxed_madd(power, part, f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23);
  return f32x4.mul(power, exponent);
}

/** The sum of e^(value − highest) over `count` values (a multiple of 4), added up in float64; no value exceeds `highest`. */
export function sumExponentials(values: usize, count: usize, highest: f32): f64 {
  const shift = f32x4.splat(highest);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let at = values, end = values + (count << 2); at < end; at += 16) {
    const terms = exp(f32x4.sub(v128.load(at), shift));
    low = f64x2.add(low, f64x2.promote_low_f32x4(terms));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(terms, terms, 2, 3, 2, 3)));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
