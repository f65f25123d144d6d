import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NumberRange, type RowCodes, type RowNumbers, selectCodes, selectNumbers } from './row-selection.ts';

/** More rows than go through a kernel at once, and not whole words of them. */
const many = 40_003;

/** The rows that were passed on. */
function rows(count: number, select: (take: (bits: Uint32Array, firstRow: number) => void) => void): number[] {
  const found: number[] = [];
  select((bits, firstRow) => {
    for (let bit = 0; bit < 32 * bits.length && firstRow + bit < count; bit++) {
      if ((bits[bit >>> 5] >>> (bit & 31)) & 1) found.push(firstRow + bit);
    }
  });
  return found;
}

const where = <Value>(values: Iterable<Value>, holds: (value: Value) => boolean) =>
  [...values].flatMap((value, row) => (holds(value) ? [row] : []));

const specials = [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 1e38, -1e38, Number.MIN_VALUE, Number.MAX_VALUE];
const double = fc.oneof(fc.constantFrom(...specials), fc.double({ noNaN: true }), fc.integer({ min: -9, max: 9 }));
const long = fc.oneof(fc.bigInt({ min: -9n, max: 9n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
/** Some ends lie beyond the type. */
const end = fc.oneof(long, fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }));

const some = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 100, size: 'max' });

/** Numbers, and ends of ranges, which are among the numbers, too. */
const numbers: fc.Arbitrary<{ values: RowNumbers; ends: (number | bigint)[] }> = fc.oneof(
  fc.tuple(some(double), some(double.map(Math.fround))).map(([values, ends]) => ({
    values: Float32Array.from([...values, ...ends]),
    ends,
  })),
  fc.tuple(some(double), some(double)).map(([values, ends]) => ({
    values: Float64Array.from([...values, ...ends]),
    ends,
  })),
  fc.tuple(some(fc.integer()), some(end)).map(([values, ends]) => ({
    values: Int32Array.from([...values, ...ends.map((each) => Number(BigInt.asIntN(32, each)))]),
    ends,
  })),
  fc.tuple(some(long), some(end)).map(([values, ends]) => ({
    values: BigInt64Array.from([...values, ...ends.map((each) => BigInt.asIntN(64, each))]),
    ends,
  })),
);

/** Ranges between every second pair of neighbours, so that they do not overlap. */
function rangesBetween(ends: readonly (number | bigint)[]): NumberRange[] {
  const ascending = [...new Set(ends)].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  return ascending.flatMap((low, n) => {
    if (n % 3 === 2) return [];
    if (n % 3 === 0 && n % 2 === 0) return [{ low, high: low }];
    return n % 3 === 1 && n + 1 < ascending.length ? [{ low, high: ascending[n + 1] }] : [];
  });
}

test('finds the numbers in ranges as a plain comparison does', () => {
  fc.assert(
    fc.property(numbers, ({ values, ends }) => {
      const ranges = rangesBetween(ends);
      const holds = (value: number | bigint) => ranges.some(({ low, high }) => low <= value && value <= high);
      expect(rows(values.length, (take) => selectNumbers(values, ranges, take))).toEqual(
        where<number | bigint>(values, holds),
      );
    }),
  );
});

test.each([
  [Int32Array.from([-(2 ** 31), 0, 2 ** 31 - 1]), 2n ** 31n],
  [BigInt64Array.from([-(2n ** 63n), 0n, 2n ** 63n - 1n]), 2n ** 63n],
])('a range may lie beyond the integers, or reach there', (values, limit) => {
  const found = (low: bigint, high: bigint) => rows(3, (take) => selectNumbers(values, [{ low, high }], take));
  expect(found(limit, limit + 5n)).toEqual([]);
  expect(found(-limit - 5n, -limit - 1n)).toEqual([]);
  expect(found(-limit - 5n, -limit)).toEqual([0]);
  expect(found(1n, limit * 4n)).toEqual([2]);
  expect(found(-limit * 4n, limit * 4n)).toEqual([0, 1, 2]);
});

const codes = fc.oneof(
  fc.tuple(fc.constant(Uint8Array), fc.constantFrom(1, 40, 256)),
  fc.tuple(fc.constant(Uint16Array), fc.constantFrom(1, 40, 300, 65_536)),
  fc.tuple(fc.constant(Uint32Array), fc.constantFrom(1, 40, 300, 70_000)),
);

test('finds codes as a look into the set does', () => {
  fc.assert(
    fc.property(
      codes,
      fc.array(fc.nat(), { maxLength: 100 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      ([Kind, size], some, asked) => {
        const column: RowCodes = Kind.from(some.map((code) => code % size));
        const set = new Set(asked.map((code) => code % size));
        expect(rows(column.length, (take) => selectCodes(column, tableOf(set, size), take))).toEqual(
          where<number>(column, (code) => set.has(code)),
        );
      },
    ),
  );
});

function tableOf(codes: Iterable<number>, size: number): Uint32Array {
  const table = new Uint32Array(Math.ceil(size / 32));
  for (const code of codes) table[code >>> 5] |= 1 << (code & 31);
  return table;
}

test('takes more rows than go through a kernel at once', () => {
  const values = Float64Array.from({ length: many }, (_, row) => row % 17);
  expect(rows(many, (take) => selectNumbers(values, [{ low: 3, high: 5 }], take))).toEqual(
    where<number>(values, (value) => value >= 3 && value <= 5),
  );
  const column = Uint16Array.from({ length: many }, (_, row) => row % 301);
  const set = new Set([0, 2, 4, 6, 8, 300]);
  expect(rows(many, (take) => selectCodes(column, tableOf(set, 301), take))).toEqual(
    where<number>(column, (code) => set.has(code)),
  );
});

test('takes rows that lie in shared memory, anywhere in it', () => {
  const values = new Float32Array(new SharedArrayBuffer(400), 40, 80);
  values[3] = 7;
  values[79] = 8;
  expect(rows(80, (take) => selectNumbers(values, [{ low: 7, high: 8 }], take))).toEqual([3, 79]);
  const column = new Uint16Array(new SharedArrayBuffer(200), 2, 70);
  column[69] = 5;
  expect(rows(70, (take) => selectCodes(column, tableOf([5], 9), take))).toEqual([69]);
});
