import type { NumberType } from './filter.ts';

/**
 * A real number seen from a type: the type's nearest number below and the one above it, the same where the type has
 * it. Floats and doubles are rounded to the nearest first, so that a cell written 9.99 equals the literal 9.99.
 */
export type Exact = { readonly floor: number | bigint; readonly ceil: number | bigint };

/** Beyond all integers of 64 bits, and how many digits it has. */
const beyond = 1n << 64n;
const digitsOfBeyond = 20;

/** @param decimal digits with an optional sign, point and exponent */
export function exactDecimal(decimal: string, type: NumberType): Exact {
  return isInteger(type) ? integersAround(decimal) : exactNumber(Number(decimal), type);
}

/** A cell of another column, which may have another type. @param value finite */
export function exactNumber(value: number | bigint, type: NumberType): Exact {
  if (isInteger(type)) {
    if (typeof value === 'bigint') return { floor: value, ceil: value };
    return { floor: BigInt(Math.floor(value)), ceil: BigInt(Math.ceil(value)) };
  }
  const rounded = type === 'float' ? Math.fround(Number(value)) : Number(value);
  return { floor: rounded, ceil: rounded };
}

const isInteger = (type: NumberType): boolean => type === 'int' || type === 'long';

/** The least and the greatest end of a range of the type; of integers they lie beyond it. */
export const lowest = (type: NumberType): number | bigint => (isInteger(type) ? -beyond : Number.NEGATIVE_INFINITY);
export const highest = (type: NumberType): number | bigint => (isInteger(type) ? beyond : Number.POSITIVE_INFINITY);

/** The type's next number below one of its numbers. */
export function below(number: number | bigint, type: NumberType): number | bigint {
  if (typeof number === 'bigint') return number - 1n;
  return -next(-number, type);
}

/** The type's next number above one of its numbers. */
export function above(number: number | bigint, type: NumberType): number | bigint {
  if (typeof number === 'bigint') return number + 1n;
  return next(number, type);
}

const floats = new Float32Array(1);
const floatBits = new Int32Array(floats.buffer);
const doubles = new Float64Array(1);
const doubleBits = new BigInt64Array(doubles.buffer);

/** Floating-point numbers of one sign ascend as their bits do. */
function next(number: number, type: NumberType): number {
  if (number === Number.POSITIVE_INFINITY) return number;
  if (number === 0) return type === 'float' ? 2 ** -149 : Number.MIN_VALUE;
  if (type === 'float') {
    floats[0] = number;
    floatBits[0] += number > 0 ? 1 : -1;
    return floats[0];
  }
  doubles[0] = number;
  doubleBits[0] += number > 0 ? 1n : -1n;
  return doubles[0];
}

function integersAround(decimal: string): Exact {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  // How many of the digits stand before the point.
  const point = Number(exponent) + digits.length - fraction.length;
  if (digits === '') return { floor: 0n, ceil: 0n };
  const magnitude = point > digitsOfBeyond ? { floor: beyond, ceil: beyond } : magnitudeOf(digits, point);
  return sign === '-' ? { floor: -magnitude.ceil, ceil: -magnitude.floor } : magnitude;
}

function magnitudeOf(digits: string, point: number): { floor: bigint; ceil: bigint } {
  const floor = point > 0 ? BigInt(digits.slice(0, point).padEnd(point, '0')) : 0n;
  const isWhole = point > 0 && /^0*$/.test(digits.slice(point));
  return { floor, ceil: isWhole ? floor : floor + 1n };
}
