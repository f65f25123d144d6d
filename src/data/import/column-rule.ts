import { isDecimal } from '../../util/decimal.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import type { DatasetType } from '../dataset-types.ts';
import { sqlName, sqlString } from '../engine/duckdb.ts';
import { typeRules } from '../reserved-fields.ts';
import type { Cell } from './line-reading.ts';

/**
 * The rules for the values of a column (spec datasets.md §2.4, §3), twice: `violation` for the plain reader, which
 * decides and explains, and `sqlValue` for DuckDB, which may refuse more (it then leaves the decision to the other) but
 * never less.
 */
export type ColumnRule = {
  readonly field: Field;
  /** Every record must have a value. */
  readonly filled: boolean;
  readonly maxCharacters: number;
  /** A longer text is cut instead of refused. */
  readonly cut: boolean;
  /** Seconds since 1970. */
  readonly isTime: boolean;
  /** The least and the largest value, of a whole number. */
  readonly range: readonly [number, number] | undefined;
  /** Texts that it may not have. */
  readonly reservedWords: ReadonlySet<string>;
};

/** A column of a file that is imported. */
export type ImportRule = ColumnRule & {
  /**
   * A row is nothing without a value here: an id, the time or the type of an event. Elsewhere a value may be missing.
   */
  readonly isKey: boolean;
};

const ids = new Set(['USER_ID', 'ITEM_ID', 'ACTION_ID']);
const times = new Set(['TIMESTAMP', 'CREATION_TIMESTAMP', 'EXPIRATION_TIMESTAMP', 'ACTION_EXPIRATION_TIMESTAMP']);
const alwaysFilled = new Set(
  Object.values(typeRules).flatMap(({ fields }) => fields.filter((field) => field.filled).map((field) => field.name)),
);

/** Times lie within ±3,168 years of 1970: more digits are milliseconds or finer. */
const maxSeconds = 99_999_999_999;
const none: ReadonlySet<string> = new Set();
const integerBits = { int: 32n, long: 64n };

/** What a schema and its dataset type say of a column beside what it is. */
export type ColumnFacts = Partial<Pick<ColumnRule, 'range' | 'reservedWords'>>;

export function columnRule(field: Field, { range, reservedWords = none }: ColumnFacts = {}): ColumnRule {
  return {
    field,
    filled: !field.nullable || alwaysFilled.has(field.name),
    maxCharacters: ids.has(field.name) ? 256 : field.textual ? 20_000 : 1000,
    cut: field.textual,
    isTime: field.type === 'long' && times.has(field.name),
    range,
    reservedWords,
  };
}

/** The rules for the columns of a file that is imported into a dataset of `type`. */
export function importRules(schema: DatasetSchema, type: DatasetType): ImportRule[] {
  const reserved = new Map(typeRules[type].fields.map((field) => [field.name, field]));
  const isOfEvents = reserved.has('TIMESTAMP');
  return schema.fields.map((field) => {
    const rule = reserved.get(field.name);
    const isKey = rule?.filled === true;
    // What an event may lack, such as its value, may be empty even if the schema calls it a plain string.
    const mayBeEmpty = field.nullable || (isOfEvents && rule !== undefined);
    const facts = { range: rule?.range, reservedWords: schema.reservedWords };
    return { ...columnRule(field, facts), isKey, filled: isKey || !mayBeEmpty };
  });
}

/** What rule a value breaks, as the end of a sentence about it; undefined where it is in order. */
export function violation(rule: ColumnRule, { text, characters }: Cell): string | undefined {
  const { type, name } = rule.field;
  if (characters === 0) return rule.filled ? 'every record must have a value' : undefined;
  switch (type) {
    case 'string':
      if (isTooLong(rule, characters)) return `Length cannot be more than ${rule.maxCharacters} characters for ${name}`;
      if (rule.reservedWords.has(text)) return `it must not be ${text}, which is the name of a reserved column`;
      return text.includes('\0') ? 'it must not hold U+0000' : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? undefined : 'a boolean must be true or false in lower case';
    case 'int':
    case 'long':
      if (isSmallWhole(text) && !rule.range) return undefined;
      if (!/^[+-]?\d+(\.0*)?$/.test(trimmed(text)) || characters > 1000) return 'it must be a whole number';
      return wholeViolation(rule, type, BigInt(digits(text)));
    case 'float':
    case 'double': {
      const number = trimmed(text);
      if (!isDecimal(number) || characters > 1000) return 'it must be a number';
      const value = type === 'float' ? Math.fround(Number(number)) : Number(number);
      return Number.isFinite(value) ? undefined : `it is too large for the type ${type}`;
    }
  }
}

/** Whether a text is longer than its column allows, and is not cut. */
export const isTooLong = ({ field, maxCharacters, cut }: ColumnRule, characters: number): boolean =>
  field.type === 'string' && characters > maxCharacters && !cut;

/** A value that is in order in the form in which DuckDB takes it. */
export function canonical(rule: ColumnRule, { text, characters }: Cell): string {
  if (characters === 0) return '';
  switch (rule.field.type) {
    case 'string':
      return characters > rule.maxCharacters ? [...text].slice(0, rule.maxCharacters).join('') : text;
    case 'int':
    case 'long':
      return isSmallWhole(text) ? text : String(BigInt(digits(text)));
    default:
      return trimmed(text);
  }
}

/**
 * An SQL expression for the column's value in its type, which fails on one that breaks a rule. `column` is its text or
 * null.
 */
export function sqlValue(rule: ColumnRule, column: string): string {
  const { value, legal } = sqlOf(rule, column);
  const whenEmpty = rule.filled ? '' : `WHEN ${column} IS NULL THEN NULL `;
  // A null makes no condition true, so it gets to the error where a value is required.
  return `CASE ${whenEmpty}WHEN ${legal} THEN ${value} ELSE error('rule') END AS ${sqlName(rule.field.name)}`;
}

function sqlOf(rule: ColumnRule, column: string): { value: string; legal: string } {
  const { type } = rule.field;
  const limit = rule.maxCharacters;
  switch (type) {
    case 'string': {
      // Bytes are counted faster than characters, and there are never fewer.
      const long = `strlen(${column}) > ${limit}`;
      const words = [...rule.reservedWords].map(sqlString);
      const unreserved = words.length === 0 ? '' : ` AND ${column} NOT IN (${words.join(', ')})`;
      if (rule.cut) {
        return {
          value: `CASE WHEN ${long} THEN left(${column}, ${limit}) ELSE ${column} END`,
          legal: `${column} IS NOT NULL${unreserved}`,
        };
      }
      return { value: column, legal: `(NOT ${long} OR length(${column}) <= ${limit})${unreserved}` };
    }
    case 'boolean':
      return { value: `${column} = 'true'`, legal: `${column} IN ('true', 'false')` };
    case 'int':
    case 'long': {
      const value = `CAST(${column} AS ${type === 'int' ? 'INTEGER' : 'BIGINT'})`;
      // The cast also takes fractions, exponents and underscores; only a plain number comes back as it was.
      const plain = `CAST(${value} AS VARCHAR) = ${column}`;
      if (rule.isTime) return { value, legal: `${plain} AND abs(${value}) <= ${maxSeconds}` };
      const { range } = rule;
      return { value, legal: range ? `${plain} AND ${value} BETWEEN ${range[0]} AND ${range[1]}` : plain };
    }
    case 'float':
    case 'double': {
      const value = `CAST(${column} AS ${type === 'float' ? 'FLOAT' : 'DOUBLE'})`;
      return { value, legal: `regexp_full_match(${column}, '[-+.0-9eE]+') AND isfinite(${value})` };
    }
  }
}

/**
 * Whether a text is a whole number as DuckDB writes one, small enough for any column: most are, and this is quick.
 */
const isSmallWhole = (text: string): boolean => /^[1-9]\d{0,8}$|^1\d{9}$/.test(text);

function wholeViolation({ isTime, range }: ColumnRule, type: 'int' | 'long', value: bigint): string | undefined {
  if (isTime) return timeViolation(value);
  if (!range) return sizeViolation(type, value);
  const [least, largest] = range;
  return value >= least && value <= largest ? undefined : `it must be from ${least} to ${largest}`;
}

function timeViolation(value: bigint): string | undefined {
  const size = value < 0n ? -value : value;
  if (size <= maxSeconds) return undefined;
  const finer = [
    ['milliseconds', 1_000n],
    ['microseconds', 1_000_000n],
    ['nanoseconds', 1_000_000_000n],
  ] as const;
  const unit = finer.find(([, parts]) => size / parts <= maxSeconds);
  const hint = unit && `; it looks like ${unit[0]}: divide it by ${unit[1].toLocaleString('en')}`;
  return `a time must be in seconds since 1970${hint ?? ''}`;
}

function sizeViolation(type: 'int' | 'long', value: bigint): string | undefined {
  const limit = 1n << (integerBits[type] - 1n);
  return value >= -limit && value < limit ? undefined : `it does not fit the type ${type}`;
}

const blanks = ' \t\r\v\f';

/**
 * Blanks around a number do not count. A pattern for those at the end would try each run of blanks from all its places.
 */
function trimmed(text: string): string {
  if (/^[!-~]+$/.test(text)) return text;
  let [start, end] = [0, text.length];
  while (start < end && blanks.includes(text.charAt(start))) start++;
  while (start < end && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * The digits of a whole number as BigInt reads them: without a plus, and without the `.0` that tools add which keep
 * numbers with gaps as fractions (pandas).
 */
function digits(text: string): string {
  return trimmed(text).replace(/^\+|\.0*$/g, '');
}
