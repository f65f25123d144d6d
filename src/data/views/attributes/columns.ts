/**
 * What a filter reads of items, users or actions: columns of equal length, a row each. The arrays may lie in shared
 * memory. They stay as they are while a filter is evaluated.
 */
export type Rows = {
  readonly count: number;
  /** Undefined for a column that is not there, such as one that a newer schema lacks: every row is without a value. */
  column(name: string): RowColumn | undefined;
  /** Absent where nothing ever changes. */
  readonly changes?: RowChanges;
};

/** Which rows have changed. */
export type RowChanges = {
  /** Grows with each change, of rows or of values. What was computed of an earlier version may be outdated. */
  readonly version: number;
  /** The rows that have changed since a version, new ones too, some several times; undefined if that is not known. */
  since(version: number): readonly number[] | undefined;
};

export type RowColumn = TextRows | NumberRows;

type RowCodes = Uint8Array | Uint16Array | Uint32Array;
type RowNumbers = Float32Array | Float64Array | Int32Array | BigInt64Array;

/** A column of strings: at most 4 bytes a row beside the dictionary, and a bit a row for each mask. */
export type TextRows = {
  readonly kind: 'text';
  /** By row the code of its cell, 0 where there is none. */
  readonly codes: RowCodes;
  readonly cells: CellDictionary;
  /** The rows that have a value, a bit each, for values that many rows have. They are faster than codes. */
  readonly masks?: ReadonlyMap<string, Uint32Array>;
};

/** A column of numbers: 4 or 8 bytes a row, and a bit. Integers in 32 bits where all of the column fit. */
export type NumberRows = {
  readonly kind: 'number';
  /** By row; any number where there is no value. */
  readonly values: RowNumbers;
  /** A bit a row, the first row's lowest: whether it has a value. */
  readonly present: Uint32Array;
};

/**
 * The different cells of a column of strings, by codes from 1. The cell of a categorical column holds several values:
 * `Action|Comedy` holds two.
 */
export interface CellDictionary {
  /** All codes are less. */
  readonly size: number;
  /** The codes of all cells that hold a value. */
  codesOf(value: string): readonly number[];
  /** @throws RangeError for a code that is none */
  valuesOf(code: number): readonly string[];
}

/** The values of a cell. Blanks count, and so do empty strings. */
export const cellValues = (cell: string, categorical: boolean): readonly string[] =>
  categorical ? cell.split('|') : [cell];
