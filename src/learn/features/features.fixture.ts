import type { Cell, ColumnKind, Metadata } from './column.ts';

/** Metadata of columns of these kinds. */
export function metadataOf(kinds: readonly ColumnKind[], rows: readonly (readonly Cell[])[]): Metadata {
  return {
    columns: kinds.map((kind, n) => ({ name: `column${n}`, kind })),
    rowCount: rows.length,
    async *rows(every) {
      for (let row = 0; row < rows.length; row += every) yield rows[row] ?? [];
    },
  };
}
