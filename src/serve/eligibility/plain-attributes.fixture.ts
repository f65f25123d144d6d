import type { Attributes } from '../../data/views/attributes/attributes.ts';
import { ChangedRows } from '../../data/views/attributes/changed-rows.ts';
import type { RowColumn, Rows } from '../../data/views/attributes/columns.ts';
import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import type { PlainRow } from '../filters/evaluate.reference.ts';
import type { Column } from '../filters/filter.ts';
import { columnar } from '../filters/rows.arbitrary.ts';

/** Attributes as objects, whose columns are made again after each change. */
export class PlainAttributes implements Attributes {
  readonly #columns: readonly Column[];
  readonly #ids: string[] = [];
  readonly #rows: PlainRow[] = [];
  readonly changes = new ChangedRows();
  #built: { readonly version: number; readonly rows: Rows } | undefined;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  get count(): number {
    return this.#rows.length;
  }

  put(id: string, row: PlainRow): void {
    const index = this.addRow(id);
    this.#rows[index] = row;
    this.changes.note(index);
  }

  column(name: string): RowColumn | undefined {
    const { version } = this.changes;
    if (this.#built?.version !== version) {
      this.#built = { version, rows: columnar(this.#rows, this.#columns) };
    }
    return this.#built.rows.column(name);
  }

  rowOf(id: string): number {
    return this.#ids.indexOf(id);
  }

  addRow(id: string): number {
    const known = this.rowOf(id);
    if (known >= 0) return known;
    this.changes.note(this.#rows.length);
    this.#ids.push(id);
    return this.#rows.push({}) - 1;
  }

  id(row: number): string {
    return this.#ids[row];
  }

  textAt(row: number, column: string): string | undefined {
    const cell = this.#rows[row][column] ?? null;
    return cell === null ? undefined : String(cell);
  }
}

/** The events of one user. */
export class PlainEvents implements EventsByType {
  readonly #userId: string;
  readonly #itemIds: string[] = [];
  readonly #events: { readonly type: string; readonly index: number }[] = [];

  constructor(userId: string) {
    this.#userId = userId;
  }

  add(type: string, itemId: string): void {
    const known = this.#itemIds.indexOf(itemId);
    this.#events.push({ type, index: known >= 0 ? known : this.#itemIds.push(itemId) - 1 });
  }

  find(id: string): ReadonlyMap<string, Uint32Array> {
    const found = new Map<string, Uint32Array>();
    if (id !== this.#userId) return found;
    for (const { type, index } of this.#events) found.set(type, Uint32Array.of(...(found.get(type) ?? []), index));
    return found;
  }

  get itemCount(): number {
    return this.#itemIds.length;
  }

  itemId(index: number): string {
    return this.#itemIds[index];
  }
}
