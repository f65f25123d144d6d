import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { ItemRecord } from '../../data/records/item-records.ts';

/** Columns of an Items dataset that say what its items have in common. */
export type ThemeColumns = {
  /** Whose values are the items' names. */
  readonly name: string;
  readonly texts: readonly string[];
  readonly categories: readonly string[];
  /** Numbers that are years. */
  readonly years: readonly string[];
};

/** What is known of an item that a theme may say. */
export type ThemeItem = {
  readonly id: string;
  readonly name: string | undefined;
  /** Of all textual columns; may be empty. */
  readonly text: string;
  /** The values of each of the categories. */
  readonly values: readonly (readonly string[])[];
  /** One for each column of years. */
  readonly years: readonly (number | undefined)[];
};

const yearColumn = /(^|_)(year|yr|released?|published|vintage)(_|$)/i;

/**
 * @param name the column that holds the items' names
 * @param used columns that may be read; all unless given
 */
export function themeColumns({ fields }: DatasetSchema, name: string, used?: readonly string[]): ThemeColumns {
  const readable = fields.filter((field) => used?.includes(field.name) ?? true);
  const names = (wanted: (field: (typeof fields)[number]) => boolean) =>
    readable.filter((field) => field.name !== name && wanted(field)).map((field) => field.name);
  return {
    name,
    texts: names(({ textual }) => textual),
    categories: names(({ categorical }) => categorical),
    years: names((field) => field.type !== 'string' && field.type !== 'boolean' && yearColumn.test(field.name)),
  };
}

export const themeItem = (columns: ThemeColumns, id: string, record: ItemRecord | undefined): ThemeItem => ({
  id,
  name: record?.get(columns.name),
  text: columns.texts.flatMap((column) => record?.get(column) ?? []).join('\n'),
  values: columns.categories.map((column) => valuesOf(record?.get(column))),
  years: columns.years.map((column) => yearOf(record?.get(column))),
});

const valuesOf = (cell: string | undefined) => [
  ...new Set((cell?.split('|') ?? []).map((value) => value.trim()).filter((value) => value !== '')),
];

/** A year of this or the last centuries: other numbers are something else. */
export function yearOf(cell: string | undefined): number | undefined {
  const year = cell === undefined || cell === '' ? Number.NaN : Number(cell);
  return Number.isInteger(year) && year >= 1000 && year <= 2100 ? year : undefined;
}

/** All that is said of an item, as one text. */
export const wholeText = ({ name, text }: ThemeItem): string =>
  [name ?? '', text].filter((part) => part !== '').join('.\n');
