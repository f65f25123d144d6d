import type { RowColumn, Rows, TextRows } from '../../data/views/attributes/columns.ts';
import { selectCodes, selectNumbers } from '../../learn/kernels/row-selection.ts';
import { cellAt, meets, type Predicate } from './predicate.ts';
import type { RowMask } from './row-mask.ts';

/** The column that a predicate is about; undefined where there is none or, by a newer schema, one of another kind. */
export function columnOf(rows: Rows, { kind, column }: Predicate): RowColumn | undefined {
  const found = rows.column(column);
  return found?.kind === kind ? found : undefined;
}

/** Removes the rows that do not meet a predicate. */
export function retain(mask: RowMask, predicate: Predicate, rows: Rows): void {
  const { negated } = predicate;
  const column = columnOf(rows, predicate);
  if (column?.kind === 'text' && predicate.kind === 'text') {
    const masks = masksOf(column, predicate.values);
    if (masks) mask.retainUnion(masks, { negated });
    else
      selectCodes(column.codes, codeTable(column, predicate.values), (bits, row) =>
        mask.retain(bits, row, { negated }),
      );
  } else if (column?.kind === 'number' && predicate.kind === 'number') {
    const { values, present: within } = column;
    selectNumbers(values, predicate.ranges, (bits, row) => mask.retain(bits, row, { negated, within }));
  } else if (!negated) mask.clear();
}

/** Whether a row would not be removed. It is for the rows as they are now. */
export function rowTest(predicate: Predicate, rows: Rows): (row: number) => boolean {
  const column = columnOf(rows, predicate);
  return (row) => meets(cellAt(column, row), predicate);
}

/** The masks of the values; undefined where one of them has none. */
export function masksOf({ masks }: TextRows, values: readonly string[]): readonly Uint32Array[] | undefined {
  const found = values.flatMap((value) => masks?.get(value) ?? []);
  return masks && found.length === values.length ? found : undefined;
}

/** A bit for each code of a cell that holds one of the values. */
function codeTable({ cells }: TextRows, values: readonly string[]): Uint32Array {
  const table = new Uint32Array(Math.ceil(cells.size / 32));
  for (const value of values) for (const code of cells.codesOf(value)) table[code >>> 5] |= 1 << (code & 31);
  return table;
}
