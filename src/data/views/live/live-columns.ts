import type { DatasetSchema, Field } from '../../dataset-schema.ts';
import { type EventDatasetType, type FieldType, subjectColumns } from '../../dataset-types.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from '../../records/event-lines.ts';
import { bytes32, PagedArray } from './paged-array.ts';
import { type ValueColumn, valueColumn } from './value-column.ts';

/** The index of each of `LiveColumns.names` among the values of an event; -1 for one that is not there. */
export type ColumnIndexes = readonly number[];

/** A column of the schema by its index among the names. */
type ContentColumn = { readonly type: FieldType; readonly index: number };

const typeColumn = 'EVENT_TYPE';
/** Indexes of the members of an event among the names; the item may be an action. */
export const member = { session: 0, eventId: 1, receivedAt: 2, user: 3, item: 4, sentAt: 5, value: 6 } as const;

/**
 * The columns that live histories read and keep of an event, and those that make it another than one of the same
 * moment.
 */
export class LiveColumns {
  /** Names of the columns that are read. */
  readonly names: readonly string[];
  readonly types: ValueColumn = valueColumn({ name: typeColumn, type: 'string' });
  /** The columns that are kept, EVENT_TYPE first. */
  readonly kept: readonly ValueColumn[];
  /** The same, and a digest of what is not kept to the last digit, where the schema has such columns. */
  readonly stored: readonly { readonly values: PagedArray }[];
  /** Whether events of a moment differ that differ in EVENT_TYPE alone. */
  readonly hasType: boolean;
  readonly #keptAt: readonly number[];
  readonly #content: readonly ContentColumn[];
  readonly #rest: readonly ContentColumn[];

  /** @param fields the columns to keep, beside EVENT_TYPE */
  constructor(
    { fields: all }: DatasetSchema,
    fields: readonly Pick<Field, 'name' | 'type'>[],
    type: EventDatasetType = 'INTERACTIONS',
  ) {
    const keyColumns = ['USER_ID', subjectColumns[type], 'TIMESTAMP'];
    const memberNames = [sessionColumn, eventIdColumn, receivedColumn, ...keyColumns, 'EVENT_VALUE'];
    this.kept = [this.types, ...fields.filter(({ name }) => name !== typeColumn).map(valueColumn)];
    const content = all.filter(({ name }) => !keyColumns.includes(name));
    this.hasType = content.some(({ name }) => name === typeColumn);
    const names = [...memberNames, ...[...this.kept, ...content].map(({ name }) => name)];
    this.names = names.filter((name, n) => indexOfName(names, name) === n);
    this.#keptAt = this.kept.map(({ name }) => indexOfName(this.names, name));
    this.#content = content.map(({ name, type }) => ({ type, index: indexOfName(this.names, name) }));
    this.#rest = this.#content.filter(
      ({ type, index }) => index !== member.value && (type === 'long' || !this.#keptAt.includes(index)),
    );
    this.stored = this.#rest.length === 0 ? this.kept : [...this.kept, { values: new PagedArray(bytes32) }];
  }

  /** Where the columns are that are read. */
  indexesIn(names: readonly string[]): ColumnIndexes {
    return this.names.map((name) => indexOfName(names, name));
  }

  /** The values of the columns that are stored, as numbers, of an event that has these texts. */
  valuesOf(textOf: (index: number) => string): number[] {
    const values = this.kept.map(({ encode }, n) => encode(textOf(this.#keptAt[n] ?? -1)));
    if (this.#rest.length > 0) values.push(digestOf(textIn(this.#rest, textOf)));
    return values;
  }

  /** Digest of an event's eventId, or else of its time and content, as 32 bits without a sign. */
  idOf(textOf: (index: number) => string): number {
    const eventId = textOf(member.eventId);
    return digestOf(eventId === '' ? `${textOf(member.sentAt)}\0${textIn(this.#content, textOf)}` : eventId);
  }
}

/** Names of columns that differ in case alone are those of one column, as DuckDB has it. */
const indexOfName = (names: readonly string[], name: string): number =>
  names.findIndex((other) => other.toUpperCase() === name.toUpperCase());

const textIn = (columns: readonly ContentColumn[], textOf: (index: number) => string): string =>
  columns.map(({ type, index }) => contentText(type, textOf(index))).join('\0');

/**
 * A value in the one form that it has, whether it comes from the log, as it was sent, or from a file, as DuckDB writes
 * it.
 */
function contentText(type: FieldType, text: string): string {
  if (text === '' || (type !== 'float' && type !== 'double')) return text;
  return String(type === 'float' ? Math.fround(Number(text)) : Number(text));
}

/** 32 bits of a text (FNV-1a over UTF-16 units; Fowler, Noll, Vo). */
function digestOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return hash >>> 0;
}
