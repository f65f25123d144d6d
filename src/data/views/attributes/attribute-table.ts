import type { Field } from '../../dataset-schema.ts';
import { GrowingIds } from '../live/growing-ids.ts';
import type { Attributes } from './attributes.ts';
import { ChangedRows } from './changed-rows.ts';
import type { RowColumn } from './columns.ts';
import { IdColumn } from './id-column.ts';
import { NumberColumn } from './number-column.ts';
import { TextColumn } from './text-column.ts';

export type AttributeField = Pick<Field, 'name' | 'type' | 'categorical'>;

export type AttributeTableOptions = {
  /** The column that names the rows, such as `ITEM_ID`. */
  readonly idColumn: string;
  /** The columns to hold. */
  readonly fields: readonly AttributeField[];
};

/** Attributes in flat arrays: at most 8 bytes and a bit for each row and column, beside the dictionaries of texts. */
export class AttributeTable implements Attributes {
  readonly idColumn: string;
  readonly columns: ReadonlyMap<string, TextColumn | NumberColumn>;
  readonly changes = new ChangedRows();
  readonly #ids = new GrowingIds();
  readonly #idColumn: IdColumn | undefined;

  constructor({ idColumn, fields }: AttributeTableOptions) {
    this.idColumn = idColumn;
    const others = fields.filter(({ name }) => name !== idColumn);
    this.columns = new Map(others.map((field) => [field.name, columnFor(field)]));
    this.#idColumn = others.length < fields.length ? new IdColumn(this.#ids) : undefined;
  }

  get count(): number {
    return this.#ids.size;
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    const columns = [...this.columns.values(), ...(this.#idColumn ? [this.#idColumn] : [])];
    return columns.reduce((sum, { bytes }) => sum + bytes, this.#ids.bytes);
  }

  column(name: string): RowColumn | undefined {
    return name === this.idColumn ? this.#idColumn?.rows() : this.columns.get(name)?.rows(this.count);
  }

  rowOf(id: string): number {
    return this.#ids.find(id);
  }

  addRow(id: string): number {
    const before = this.count;
    const row = this.#ids.add(id);
    if (row === before) this.changes.note(row);
    return row;
  }

  /** Makes room for so many rows at once. */
  reserve(count: number): void {
    this.#ids.reserve(count);
  }

  /** The same for an id whose UTF-8 stands in `bytes`. */
  addRowOfUtf8(bytes: Uint8Array, start: number, end: number): number {
    const before = this.count;
    const row = this.#ids.addUtf8(bytes, start, end);
    if (row === before) this.changes.note(row);
    return row;
  }

  id(row: number): string {
    return this.#ids.id(row);
  }

  textAt(row: number, column: string): string | undefined {
    return column === this.idColumn && this.#idColumn ? this.id(row) : this.columns.get(column)?.textAt(row);
  }

  /**
   * Makes a record all that is known of an id.
   *
   * @param textOf a cell as the record log has it, empty where there is none
   */
  put(id: string, textOf: (column: string) => string): void {
    const row = this.addRow(id);
    let isChanged = false;
    for (const [name, column] of this.columns) isChanged = column.setText(row, textOf(name)) || isChanged;
    if (isChanged) this.changes.note(row);
  }

  /** For those who have changed columns themselves. */
  noteChange(): void {
    this.changes.noteAll();
  }
}

function columnFor({ type, categorical }: AttributeField): TextColumn | NumberColumn {
  // Booleans are texts of two values.
  return type === 'string' || type === 'boolean' ? new TextColumn(categorical) : new NumberColumn(type);
}
