import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Csr } from '../../kernels/csr.ts';
import { CsrBuilder } from '../../kernels/csr-builder.ts';
import { DenseRow } from './dense-row.ts';

/** For each item, others with a value. */
export type SparseItemRows = Required<Pick<Csr, 'offsets' | 'indices' | 'values'>>;

export type RowsTask = {
  readonly itemCount: number;
  /** Entries kept of a row: those of the greatest values. */
  readonly most: number;
  /** Calls `add` for each pair of the item and another; what is added for one pair is summed up. */
  addPairs(item: number, add: (other: number, amount: number) => void): void;
  /** What a pair is worth by its sum. */
  worthOf(item: number, other: number, sum: number): number;
  /** Whether the entries kept of a row are divided by their sum. */
  readonly shares?: boolean;
  readonly signal: AbortSignal;
};

const restEvery = 128;

/** Makes rows one after another, in memory of one dense row beside the result. */
export async function itemRows({
  itemCount,
  most,
  addPairs,
  worthOf,
  shares = false,
  signal,
}: RowsTask): Promise<SparseItemRows> {
  const row = new DenseRow(itemCount);
  const add = (other: number, amount: number) => row.add(other, amount);
  const rows = new CsrBuilder(itemCount, itemCount);
  for (let item = 0; item < itemCount; item++) {
    addPairs(item, add);
    const { indices, values } = row.take(most, (other, sum) => worthOf(item, other, sum));
    const whole = shares ? values.reduce((sum, value) => sum + value, 0) : 1;
    rows.add(
      indices,
      values.map((value) => value / whole),
    );
    if (item % restEvery === 0) {
      await letOthersRun();
      signal.throwIfAborted();
    }
  }
  return rows.build();
}
