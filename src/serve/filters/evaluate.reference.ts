import type {
  AnyClause,
  AttributeCondition,
  Column,
  CurrentItem,
  EventCondition,
  Filter,
  NumberType,
} from './filter.ts';

/** A row as an object: a text as it was imported, a number, or null. */
export type PlainRow = Readonly<Record<string, string | number | bigint | null>>;

export type PlainData = {
  readonly rows: readonly PlainRow[];
  readonly events: readonly { readonly type: string; readonly row: number }[];
  readonly user: PlainRow | undefined;
  readonly currentItem: PlainRow | undefined;
};

/** Values of placeholders, apart. */
export type PlainValues = Readonly<Record<string, readonly string[]>>;

/** Whether each row is kept: the meaning of a filter, word by word, as slowly as need be. */
export function keptRows({ clauses }: Filter, values: PlainValues, data: PlainData): boolean[] {
  const inForce: AnyClause[] = [];
  for (const clause of clauses)
    if (hasValues(clause, values) && passesTests(clause, values, data.user)) inForce.push(clause);
  const includes = inForce.filter(({ action }) => action === 'INCLUDE');
  const excludes = inForce.filter(({ action }) => action === 'EXCLUDE');
  return data.rows.map((_, row) => {
    const isMet = ({ where }: AnyClause) => meets(where, row, values, data);
    return (includes.length === 0 || includes.some(isMet)) && !excludes.some(isMet);
  });
}

const hasValues = ({ where, tests }: AnyClause, values: PlainValues) =>
  [...where.anyOf.flat(), ...tests].every(
    ({ right }) => right.kind !== 'placeholder' || Object.hasOwn(values, right.name),
  );

const passesTests = ({ tests }: AnyClause, values: PlainValues, user: PlainRow | undefined) =>
  tests.every((test) => {
    const cell = user?.[test.column.name] ?? null;
    return cell !== null && compare(test, cell, values, undefined);
  });

function meets(where: AnyClause['where'], row: number, values: PlainValues, data: PlainData): boolean {
  if (where.kind === 'attributes') {
    return where.anyOf.some((all) =>
      all.every((one) => compare(one, data.rows[row][one.column.name] ?? null, values, data.currentItem)),
    );
  }
  const plain =
    where.dataset === 'Interactions' ? (type: string) => type.toLowerCase() : (type: string) => plainActionType(type);
  const types = data.events.filter((event) => event.row === row).map(({ type }) => plain(type));
  return where.anyOf.some((all) => all.every((one) => happened(one, types, values, plain)));
}

/** `Not Taken` and `NOT_TAKEN` are one type. */
const plainActionType = (type: string) =>
  type
    .toLowerCase()
    .split(/[_\s]/)
    .filter((word) => word !== '')
    .join(' ');

function happened(
  { operator, right }: EventCondition,
  types: readonly string[],
  values: PlainValues,
  plain: (type: string) => string,
): boolean {
  const named = right.kind === 'any-event' ? ['*'] : right.kind === 'values' ? right.values : values[right.name];
  const isNamed = (type: string) =>
    right.kind === 'any-event' || (right.kind === 'placeholder' && named.length === 1 && named[0] === '*')
      ? true
      : named.some((name) => plain(name) === type);
  return types.some((type) => isNamed(type) === (operator === 'IN'));
}

type PlainCell = PlainRow[string];

/** JavaScript writes large numbers with zeros for their last digits: −2^63 as -9223372036854776000. */
const exactText = (value: string | number | bigint) => String(Number.isInteger(value) ? BigInt(value) : value);

function compare(
  { column, operator, right }: AttributeCondition,
  cell: PlainCell,
  values: PlainValues,
  currentItem: PlainRow | undefined,
): boolean {
  const isNegative = operator === '!=' || operator === 'NOT IN';
  if (cell === null) return isNegative;
  if (column.type === 'string') {
    const own = split(cell, column);
    const listed = right.kind === 'current-item' ? splitOf(right, currentItem) : literalsOf(right, values);
    return listed.some((value) => own.includes(value)) !== isNegative;
  }
  const { type } = column;
  const operands =
    right.kind === 'current-item'
      ? [currentItem?.[right.column.name] ?? null].filter((value) => value !== null).map(exactText)
      : literalsOf(right, values);
  return operands.some((operand) => holds(operator, order(String(cell), operand, type))) !== isNegative;
}

const literalsOf = (
  right: { kind: 'values'; values: readonly string[] } | { kind: 'placeholder'; name: string },
  values: PlainValues,
) => (right.kind === 'values' ? right.values : values[right.name]);

const split = (cell: PlainCell, column: Column) =>
  column.type === 'string' && column.categorical ? String(cell).split('|') : [String(cell)];

const splitOf = ({ column }: CurrentItem, item: PlainRow | undefined) => {
  const cell = item?.[column.name] ?? null;
  return cell === null ? [] : split(cell, column);
};

function holds(operator: AttributeCondition['operator'], sign: number): boolean {
  switch (operator) {
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
    default:
      return sign === 0;
  }
}

/** The sign of cell − operand, which is rounded to floats or doubles first, and to integers not at all. */
function order(cell: string, operand: string, type: NumberType): number {
  if (type === 'int' || type === 'long') return sign(difference(scaled(cell), scaled(operand)));
  const rounded = type === 'float' ? Math.fround(Number(operand)) : Number(operand);
  return Number(cell) === rounded ? 0 : Number(cell) < rounded ? -1 : 1;
}

const sign = (number: bigint) => (number < 0n ? -1 : number > 0n ? 1 : 0);

type Scaled = { readonly mantissa: bigint; readonly exponent: number };

const difference = (one: Scaled, other: Scaled) => {
  const exponent = Math.min(one.exponent, other.exponent);
  const at = (number: Scaled) => number.mantissa * 10n ** BigInt(number.exponent - exponent);
  return at(one) - at(other);
};

function scaled(decimal: string): Scaled {
  const [number = '', power = '0'] = decimal.toLowerCase().split('e');
  const [whole = '', fraction = ''] = number.split('.');
  const digits = `${whole}${fraction}`;
  const isNegative = digits.startsWith('-');
  const mantissa = BigInt(digits.replace(/^[+-]/, '') || '0');
  return { mantissa: isNegative ? -mantissa : mantissa, exponent: Number(power) - fraction.length };
}
