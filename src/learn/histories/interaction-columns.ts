import { isDecimal } from '../../util/decimal.ts';

/**
 * A column of the interactions whose values are learnt: each is known by a code from 1 on, and 0 is what is missing,
 * unknown or too rare to have a code of its own.
 */
export type InteractionColumn = { readonly name: string } & (
  | {
      readonly kind: 'categorical';
      /** The most frequent values; the first has the code 1. */
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'numeric';
      /** Ascending; a number has the code 1 + how many of them it reaches. */
      readonly bounds: readonly number[];
    }
);

/** Codes fit into a byte. */
export const mostCategories = 255;
/** A number is known by the sixteenth of all numbers that it is in. */
export const mostBuckets = 16;

/** How many codes a column has, 0 among them. */
export const codeCount = (column: InteractionColumn): number =>
  column.kind === 'categorical' ? 1 + column.values.length : 2 + column.bounds.length;

/** The code of a value as a request writes it. */
export function codeOf(column: InteractionColumn, value: string | undefined): number {
  if (value === undefined) return 0;
  if (column.kind === 'categorical') return 1 + column.values.indexOf(value);
  const number = Number(value);
  if (!isDecimal(value.trim()) || !Number.isFinite(number)) return 0;
  return 1 + column.bounds.filter((bound) => number >= bound).length;
}

/**
 * The codes of what is given by column name, in whatever case (spec runtime.md §3); what is no column's name is left
 * aside.
 */
export function codesOf(columns: readonly InteractionColumn[], values: Readonly<Record<string, string>>): Uint8Array {
  const byName = new Map(Object.entries(values).map(([name, value]) => [name.toUpperCase(), value]));
  return Uint8Array.from(columns, (column) => codeOf(column, byName.get(column.name.toUpperCase())));
}
