import { hash } from 'node:crypto';
import type { Field } from '../../../data/dataset-schema.ts';
import type { Cell, ColumnKind, Metadata } from '../../features/column.ts';

export const creationColumn = 'CREATION_TIMESTAMP';

/** What is read of items: their names and texts, and when they were created. */
export function semanticColumn({ name, isItemName, textual }: Field): ColumnKind | undefined {
  if (name === creationColumn) return 'numeric';
  return isItemName || textual ? 'textual' : undefined;
}

/** All that is said of an item, as one text. */
export const joinedText = (texts: readonly Cell[]): string =>
  texts.filter((text) => typeof text === 'string' && text !== '').join('. ');

/** The texts of each item as one column. */
export function joinedTexts({ columns, rowCount, rows }: Metadata): Metadata {
  const isText = columns.map(({ kind }) => kind === 'textual');
  return {
    columns: [{ name: 'text', kind: 'textual' }],
    rowCount,
    async *rows(every) {
      for await (const cells of rows(every)) yield [joinedText(cells.filter((_, n) => isText[n]))];
    },
  };
}

/** Tells whether a text is that of another time: 32 bits of its MD5. */
export const digestOf = (text: string): number => Number.parseInt(hash('md5', text, 'hex').slice(0, 8), 16);

/** The digest of columns of text in SQL, joined as `joinedText` has it. */
export const digestInSql = (columns: readonly string[]): string =>
  `('0x' || left(md5(concat_ws('. ', ${columns.map((column) => `nullif(${column}, '')`).join(', ')})), 8))::UINTEGER`;
