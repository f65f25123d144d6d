/** The items of an impression as a cell holds them, in the order in which they were shown (spec datasets.md §2.4). */
export const impressionItems = (cell: string): readonly string[] => (cell === '' ? [] : cell.split('|'));

/** A cell of these items. */
export const impressionCell = (items: readonly string[]): string => items.join('|');

/** In SQL, as a list; null where nothing is known to have been shown. */
export const shownItems = (column: string): string => `string_split(nullif(${column}, ''), '|')`;
