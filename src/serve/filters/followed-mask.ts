import type { Rows } from '../../data/views/attributes/columns.ts';
import { RowMask } from './row-mask.ts';

/** To look at one row takes as long as to look at so many in a pass over all of them. */
const rowsOfAPass = 256;
/** So few rows are looked at one by one, however few there are. */
const fewRows = 16;

/** The order of rows in a mask. */
export type RowOrder = {
  /** How many rows there are. */
  readonly count: number;
  /** The position of a row; −1 where it has none. */
  positionOf(row: number): number;
};

/** What a mask is of. */
export type MaskSource = {
  readonly rows: Rows;
  readonly order: RowOrder;
  /** The rows as they are now. @param left a mask that nobody reads any more, whose memory may be used */
  make(left: RowMask | undefined): RowMask;
  /** Looks at one row as `make` does at all. */
  test(): (row: number) => boolean;
};

/** A mask of rows that is kept up with their changes: where a few have changed, these are looked at alone. */
export class FollowedMask {
  readonly #source: MaskSource;
  #mask: RowMask;
  #version: number;

  /** @param left as for `make` of the source */
  constructor(source: MaskSource, left?: RowMask) {
    this.#source = source;
    this.#mask = source.make(left);
    this.#version = source.rows.changes?.version ?? 0;
  }

  /** As of the last look. */
  get mask(): RowMask {
    return this.#mask;
  }

  /** The rows as they are now. It stays as it is for as long as nothing else runs. */
  now(): RowMask {
    const { changes } = this.#source.rows;
    if (changes !== undefined && changes.version !== this.#version) {
      this.#follow(changes.since(this.#version));
      this.#version = changes.version;
    }
    return this.#mask;
  }

  #follow(changed: readonly number[] | undefined): void {
    const { order, make, test } = this.#source;
    const { count } = order;
    if (changed === undefined || changed.length > Math.max(fewRows, count / rowsOfAPass)) {
      this.#mask = make(this.#mask);
      return;
    }
    if (this.#mask.size !== count) this.#mask = longer(this.#mask, count);
    const { words } = this.#mask;
    const isIn = test();
    for (const row of changed) {
      const position = order.positionOf(row);
      if (position < 0) continue;
      const bit = 1 << (position & 31);
      if (isIn(row)) words[position >>> 5] |= bit;
      else words[position >>> 5] &= ~bit;
    }
  }
}

function longer({ words }: RowMask, size: number): RowMask {
  const mask = new RowMask(size);
  mask.words.set(words);
  return mask;
}
