import { madd } from './madd';

// e^x = 2^n · 2^f with n whole and f from −0.5 to 0.5; 2^f by the polynomial of degree 5 whose greatest relative error
// is least (Remez 1934; 7.5e-8, with the rounding of float32 below 3e-7). A number is rounded by adding 1.5 · 2^23,
// whose last bits then hold the whole.

/**
 * 1 / ln 2, the least n, 1.5 · 2^23, the coefficients from the highest power on. In memory: a use of a constant would
 * build it again.
 */
const constants = memory.data<f32>(
  [1.44269504, -126, 12582912, 1.3276472e-3, 9.67554133e-3, 5.55071327e-2, 2.40221197e-1, 6.93146967e-1, 1.00000007], 16,
);

/** e^x for x up to 88; what is too small for a float32 counts as some 2^−126. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const scaled = f32x4.pmax(v128.load32_splat(constants, 4), f32x4.mul(x, v128.load32_splat(constants)));
  const rounded = f32x4.add(scaled, v128.load32_splat(constants, 8));
  const part = f32x4.sub(scaled, f32x4.sub(rounded, v128.load32_splat(constants, 8)));
  let power = v128.load32_splat(constants, 12);
  power = madd(power, part, v128.load32_splat(constants, 16));
  power = madd(power, part, v128.load32_splat(constants, 20));
  power = madd(power, part, v128.load32_splat(constants, 24));
  power = madd(power, part, v128.load32_splat(constants, 28));
  power = madd(power, part, v128.load32_splat(constants, 32));
  return i32x4.add(power, i32x4.shl(rounded, 23));
}
