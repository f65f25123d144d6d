import { invalidInput } from '../../contract/errors.ts';
import type { Attributes } from '../../data/views/attributes/attributes.ts';

/** What a request says of the metadata that it wants: column names by dataset. */
type MetadataColumns = Readonly<Record<string, readonly string[]>>;

/** The most that a value has in an answer, in UTF-16 units (spec runtime.md §5). */
const longestValue = 20_000;

/**
 * The columns of items that a request wants in its answer, as it names them; undefined for one that wants none.
 *
 * @throws ServiceError InvalidInputException for another dataset, or more than `most` columns
 */
export function wantedColumns(metadataColumns: MetadataColumns = {}, most: number): readonly string[] | undefined {
  for (const [dataset, columns] of Object.entries(metadataColumns)) {
    if (dataset !== 'ITEMS') throw invalidInput(`metadataColumns names ${dataset}; the only dataset is ITEMS.`);
    if (columns.length > most) throw invalidInput(`metadataColumns must name no more than ${most} columns.`);
    if (columns.length > 0) return columns;
  }
  return undefined;
}

/**
 * Finds columns in a schema, in any case, each once.
 *
 * @param fields the columns of the Items dataset; undefined where the dataset group has none
 * @returns their names as the schema spells them
 * @throws ServiceError InvalidInputException for a column that is not there
 */
export function columnsNamed(
  wanted: readonly string[],
  fields: readonly { readonly name: string }[] | undefined,
): ReadonlySet<string> {
  if (!fields) throw invalidInput('metadataColumns needs an Items dataset, which the dataset group does not have.');
  const names = new Map(fields.map(({ name }) => [name.toUpperCase(), name]));
  const found = new Set<string>();
  for (const column of wanted) {
    const name = names.get(column.toUpperCase());
    if (name === undefined)
      throw invalidInput(`metadataColumns names ${column}, which the Items dataset does not have.`);
    found.add(name);
  }
  return found;
}

/**
 * What is said of an item: text by column in lower case, as the sample code of the service reads it. Categories come as
 * they are stored; what has no value is left out (spec runtime.md §5).
 */
export function metadataOf(
  items: Pick<Attributes, 'rowOf' | 'textAt'>,
  columns: ReadonlySet<string>,
  itemId: string,
): Record<string, string> {
  const row = items.rowOf(itemId);
  const entries: [string, string][] = [];
  for (const column of columns) {
    const text = column === idColumn ? itemId : row < 0 ? undefined : items.textAt(row, column);
    if (text !== undefined) entries.push([column.toLowerCase(), text.slice(0, longestValue)]);
  }
  return Object.fromEntries(entries);
}

/** It is not among the columns of a view, which are about items that have ids. */
const idColumn = 'ITEM_ID';
