import { invalidInput } from '../../contract/errors.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { type ColumnFacts, canonical, columnRule, violation } from '../import/column-rule.ts';
import type { ReservedField } from '../reserved-fields.ts';
import { parseExactly } from './exact-json.ts';

/** The members of a record's `properties`, as text by column. */
export type Properties = ReadonlyMap<string, string>;

/**
 * Checks a value of a column and gives it the form in which the log keeps it. @throws ServiceError
 * InvalidInputException that names its path
 */
export type ValueReader = (value: string | number | boolean, path: string) => string;

/** What a record's `properties` are held against; made once a schema. */
export type PropertyRules = {
  /** The column of each key, in the form of `normalKey`. */
  readonly columns: ReadonlyMap<string, { readonly name: string; readonly read: ValueReader }>;
  /** Keys that may not occur, in the same form. */
  readonly reserved: ReadonlySet<string>;
};

type ReservedByName = ReadonlyMap<string, ReservedField>;

/** Schemas write `NUM_RATINGS`, properties `numRatings` (spec events.md §2): keys meet without case and `_`. */
export const normalKey = (key: string): string => key.replaceAll('_', '').toLowerCase();

/** @param reserved what the dataset type fixes about fields, by their names */
export function propertyColumns(
  fields: readonly Field[],
  { reserved, reservedWords }: { readonly reserved?: ReservedByName } & Pick<DatasetSchema, 'reservedWords'> = {},
): PropertyRules['columns'] {
  return new Map(
    fields.map((field) => {
      const { name } = field;
      return [
        normalKey(name),
        { name, read: valueReader(field, { range: reserved?.get(name)?.range, reservedWords }) },
      ];
    }),
  );
}

/**
 * Reads `properties`: a JSON object whose keys are columns in camel case. Keys that no column matches are dropped, and
 * so are nulls.
 *
 * @param path where it stands in the request, for messages, such as `eventList.1.member.properties`
 * @throws ServiceError InvalidInputException that names the key and its value
 */
export function readProperties(text: string | undefined, rules: PropertyRules, path: string): Properties {
  const values = new Map<string, string>();
  if (text === undefined) return values;
  for (const [key, value] of Object.entries(parse(text))) {
    const normal = normalKey(key);
    if (rules.reserved.has(normal)) {
      throw invalidInput(`${path} cannot have the key ${key}, which is a member of the record itself.`);
    }
    const column = rules.columns.get(normal);
    if (column === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw broken(value, `${path}.${key}`, 'it must be a string, a number or a boolean');
    }
    values.set(column.name, column.read(value, `${path}.${key}`));
  }
  return values;
}

export function valueReader(field: Field, facts?: ColumnFacts): ValueReader {
  const rule = columnRule(field, facts);
  return (value, path) => {
    const text = String(value);
    if (text.includes('\0') || !text.isWellFormed()) {
      throw broken(value, path, 'it must not hold U+0000 or half of a surrogate pair');
    }
    const cell = { text, characters: text.length > rule.maxCharacters ? [...text].length : text.length };
    const reason = violation(rule, cell);
    if (reason !== undefined) throw broken(value, path, reason);
    return canonical(rule, cell);
  };
}

/** @throws ServiceError InvalidInputException if a column that must have a value has none. */
export function requireValue(field: Field, value: string | undefined, path: string): void {
  if (field.nullable || (value !== undefined && value !== '')) return;
  throw invalidInput(`${path} lacks a value for ${field.name}, which the schema does not allow to be null.`);
}

function parse(text: string): object {
  try {
    const value = parseExactly(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidInput('Error parsing properties json');
}

const longestShown = 256;

/** Of what a value holds, only its own members are shown. */
const withoutDepth = (key: string, member: unknown) =>
  key !== '' && typeof member === 'object' && member !== null ? '…' : member;

function broken(value: unknown, path: string, rule: string) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, withoutDepth);
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return invalidInput(`Value '${shown}' at '${path}' failed to satisfy constraint: ${rule}`);
}
