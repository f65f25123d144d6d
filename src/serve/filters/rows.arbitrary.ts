import fc from 'fast-check';
import type { RowColumn, Rows } from '../../data/views/attributes/columns.ts';
import { FlatCells } from '../../data/views/attributes/flat-cells.ts';
import type { RowNumbers } from '../../learn/kernels/row-selection.ts';

import type { PlainRow } from './evaluate.reference.ts';
import { decimal, textValue } from './filter.arbitrary.ts';
import { type Column, isNumber, type NumberColumn, type TextColumn } from './filter.ts';
import type { FilterValues } from './filter-values.ts';

/** A row with a cell in each column, or null. */
export const plainRow = (columns: readonly Column[]): fc.Arbitrary<PlainRow> =>
  fc.record(Object.fromEntries(columns.map((column) => [column.name, fc.option(cell(column), { freq: 4 })])));

function cell(column: Column): fc.Arbitrary<string | number | bigint> {
  switch (column.type) {
    case 'string':
      return column.categorical
        ? fc.array(textValue, { minLength: 1, maxLength: 3 }).map((values) => values.join('|'))
        : fc.oneof(textValue, fc.constant('a|b'));
    case 'float':
      return decimal.map((text) => Math.fround(Number(text))).filter(Number.isFinite);
    case 'double':
      return decimal.map(Number).filter(Number.isFinite);
    case 'int':
      return integer.map((value) => BigInt.asIntN(32, value)).map(Number);
    case 'long':
      return integer;
  }
}

const integer = fc.oneof(
  fc.bigInt({ min: -9n, max: 9n }),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 2n ** 31n - 1n, -(2n ** 31n), 16777217n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);

/** How columns of texts are laid out: bytes of a code (1, 2 or 4), and the values that have masks. */
export type TextLayout = { readonly bytes: number; readonly masked: readonly string[] };

export const textLayout: fc.Arbitrary<TextLayout> = fc.record({
  bytes: fc.constantFrom(1, 2, 4),
  masked: fc.subarray(['a', 'b', 'A', 'é', '', '12']),
});

/** The rows as columns. */
export function columnar(
  rows: readonly PlainRow[],
  columns: readonly Column[],
  layout: TextLayout = { bytes: 1, masked: [] },
): Rows {
  const built = new Map<string, RowColumn>();
  for (const column of columns) {
    const cells = rows.map((row) => row[column.name] ?? null);
    built.set(column.name, isNumber(column) ? numberRows(cells, column) : textRows(cells, column, layout));
  }
  return { count: rows.length, column: (name) => built.get(name) };
}

type PlainCell = PlainRow[string];

function textRows(cells: readonly PlainCell[], { categorical }: TextColumn, { bytes, masked }: TextLayout): RowColumn {
  const dictionary = new FlatCells(categorical);
  const codes = cells.map((value) => (value === null ? 0 : dictionary.code(String(value))));
  const Codes = bytes === 1 ? Uint8Array : bytes === 2 ? Uint16Array : Uint32Array;
  const holders = (value: string) => new Set(dictionary.codesOf(value));
  const masks = new Map(masked.map((value) => [value, bitsWhere(codes, (code) => holders(value).has(code))]));
  const column: RowColumn = { kind: 'text', codes: Codes.from(codes), cells: dictionary };
  return masked.length > 0 ? { ...column, masks } : column;
}

function bitsWhere<Value>(values: readonly Value[], holds: (value: Value) => boolean): Uint32Array {
  const bits = new Uint32Array(Math.ceil(values.length / 32));
  values.forEach((value, row) => {
    if (holds(value)) bits[row >>> 5] |= 1 << (row & 31);
  });
  return bits;
}

function numberRows(cells: readonly PlainCell[], { type }: NumberColumn): RowColumn {
  const present = bitsWhere(cells, (value) => value !== null);
  return {
    kind: 'number',
    values: numbersOf(
      cells.map((value) => value ?? 7),
      type,
    ),
    present,
  };
}

function numbersOf(cells: readonly (string | number | bigint)[], type: NumberColumn['type']): RowNumbers {
  switch (type) {
    case 'float':
      return Float32Array.from(cells, Number);
    case 'double':
      return Float64Array.from(cells, Number);
    case 'int':
      return Int32Array.from(cells, Number);
    case 'long': {
      const longs = cells.map(BigInt);
      const isNarrow = longs.every((value) => BigInt.asIntN(32, value) === value);
      return isNarrow ? Int32Array.from(longs, Number) : BigInt64Array.from(longs);
    }
  }
}

/** The values as a request has them: quoted with escapes. */
export const encoded = (values: Readonly<Record<string, readonly string[]>>): FilterValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, some]) => [
      name,
      some.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(', '),
    ]),
  );
