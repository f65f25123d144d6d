import type { SparseItemRows } from './item-rows.ts';

/** What threads share of rows that they fill. */
export type RowSlotsState = {
  /** Row r has room for offsets[r + 1] - offsets[r] entries. */
  readonly offsets: Uint32Array;
  readonly taken: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
};

/** Sparse rows over shared memory with room for so many entries each, filled by several threads in any order. */
export class RowSlots {
  /** Give it to the constructor in another thread. */
  readonly state: RowSlotsState;

  constructor(state: RowSlotsState) {
    this.state = state;
  }

  static withRoom(rows: number, roomOf: (row: number) => number): RowSlots {
    const offsets = sharedUint32(rows + 1);
    for (let row = 0; row < rows; row++) offsets[row + 1] = offsets[row] + roomOf(row);
    return new RowSlots({
      offsets,
      taken: sharedUint32(rows),
      indices: sharedUint32(offsets[rows]),
      values: sharedFloat32(offsets[rows]),
    });
  }

  set(row: number, indices: Uint32Array, values: Float32Array): void {
    const { state } = this;
    state.indices.set(indices, state.offsets[row]);
    state.values.set(values, state.offsets[row]);
    state.taken[row] = indices.length;
  }

  /** The rows without the room that is left, over shared memory. */
  build(): SparseItemRows {
    const { offsets, taken, indices, values } = this.state;
    const ends = sharedUint32(offsets.length);
    for (let row = 0; row < taken.length; row++) ends[row + 1] = ends[row] + taken[row];
    const total = ends[taken.length];
    const rows = { offsets: ends, indices: sharedUint32(total), values: sharedFloat32(total) };
    for (let row = 0; row < taken.length; row++) {
      const [begin, end] = [offsets[row], offsets[row] + taken[row]];
      rows.indices.set(indices.subarray(begin, end), ends[row]);
      rows.values.set(values.subarray(begin, end), ends[row]);
    }
    return rows;
  }
}

const sharedUint32 = (length: number) => new Uint32Array(new SharedArrayBuffer(4 * length));
const sharedFloat32 = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));
