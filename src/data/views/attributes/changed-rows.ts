import type { RowChanges } from './columns.ts';

/** So many changes are told: to look at more rows takes as long as to look at all of a million. */
const mostChanges = 4096;

/** Notes which rows change, and forgets it once others have. */
export class ChangedRows implements RowChanges {
  #version = 0;
  /** The changes up to this version cannot be told. */
  #untold = 0;
  /** By version modulo the length, the row that the next version has changed. */
  readonly #rows = new Uint32Array(mostChanges);

  get version(): number {
    return this.#version;
  }

  note(row: number): void {
    this.#rows[this.#version % mostChanges] = row;
    this.#version++;
  }

  /** Any rows may have changed. */
  noteAll(): void {
    this.#version++;
    this.#untold = this.#version;
  }

  since(version: number): readonly number[] | undefined {
    const count = this.#version - version;
    if (count > mostChanges || version < this.#untold) return undefined;
    return Array.from({ length: count }, (_, n) => this.#rows[(version + n) % mostChanges]);
  }
}
