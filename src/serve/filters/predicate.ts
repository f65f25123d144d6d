import type { RowColumn } from '../../data/views/attributes/columns.ts';
import type { NumberRange } from '../../learn/kernels/row-selection.ts';
import { above, below, type Exact, exactDecimal, exactNumber, highest, lowest } from './exact-number.ts';
import { type AttributeCondition, isNumber, type NumberType } from './filter.ts';

/** What a condition accepts of a column once all values are known; with `negated`, what it does not accept. */
export type Predicate = TextPredicate | NumberPredicate;
export type TextPredicate = {
  readonly kind: 'text';
  readonly column: string;
  readonly values: readonly string[];
  readonly negated: boolean;
};
export type NumberPredicate = {
  readonly kind: 'number';
  readonly column: string;
  /** Ascending; they do not overlap. */
  readonly ranges: readonly NumberRange[];
  readonly negated: boolean;
};

/** What a row has in a column: the values of its text, a number, or nothing. */
export type Cell = readonly string[] | number | bigint | undefined;

/** @param row undefined for one that is not known */
export function cellAt(column: RowColumn | undefined, row: number | undefined): Cell {
  if (!column || row === undefined) return undefined;
  if (column.kind === 'text') return column.codes[row] === 0 ? undefined : column.cells.valuesOf(column.codes[row]);
  return (column.present[row >>> 5] >>> (row & 31)) & 1 ? column.values[row] : undefined;
}

/** @param current the cell of the current item in a column of items */
export function predicateOf(
  { column, operator, right }: AttributeCondition<never>,
  current: (column: string) => Cell,
): Predicate {
  const negated = operator === '!=' || operator === 'NOT IN';
  const cell = right.kind === 'values' ? undefined : current(right.column.name);
  if (!isNumber(column)) {
    const texts = typeof cell === 'object' ? cell : [];
    return { kind: 'text', column: column.name, values: right.kind === 'values' ? right.values : texts, negated };
  }
  const { name, type } = column;
  const numbers = cell === undefined || typeof cell === 'object' ? [] : [exactNumber(cell, type)];
  const exacts = right.kind === 'values' ? right.values.map((decimal) => exactDecimal(decimal, type)) : numbers;
  const ranges = exacts.flatMap((exact) => rangeOf(operator, exact, type) ?? []);
  return { kind: 'number', column: name, ranges: sorted(ranges), negated };
}

/** Whether a cell meets a predicate. Without a value it meets just those that say what it must not be. */
export function meets(cell: Cell, predicate: Predicate): boolean {
  return isAmong(cell, predicate) !== predicate.negated;
}

function isAmong(cell: Cell, predicate: Predicate): boolean {
  if (cell === undefined) return false;
  if (predicate.kind === 'text')
    return typeof cell === 'object' && predicate.values.some((value) => cell.includes(value));
  return typeof cell !== 'object' && predicate.ranges.some(({ low, high }) => low <= cell && cell <= high);
}

/** The numbers of a type that an operator accepts; undefined where none can be. */
function rangeOf(
  operator: AttributeCondition['operator'],
  { floor, ceil }: Exact,
  type: NumberType,
): NumberRange | undefined {
  switch (operator) {
    case '<':
      return { low: lowest(type), high: below(ceil, type) };
    case '<=':
      return { low: lowest(type), high: floor };
    case '>':
      return { low: above(floor, type), high: highest(type) };
    case '>=':
      return { low: ceil, high: highest(type) };
    default:
      return floor === ceil ? { low: floor, high: ceil } : undefined;
  }
}

/** Ascending, equal ones once: ranges of one number each, or a single range. */
function sorted(ranges: readonly NumberRange[]): readonly NumberRange[] {
  if (ranges.length < 2) return ranges;
  const ascending = ranges.toSorted((one, other) => (one.low < other.low ? -1 : one.low > other.low ? 1 : 0));
  return ascending.filter(({ low }, n) => n === 0 || low !== ascending[n - 1].low);
}
