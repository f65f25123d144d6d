import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Csr } from '../../kernels/csr.ts';
import { CsrBuilder } from '../../kernels/csr-builder.ts';
import { topK } from '../../kernels/top-k.ts';

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
  const sums = new Float32Array(itemCount);
  const touched = new Uint32Array(itemCount);
  const rows = new CsrBuilder(itemCount, itemCount);
  for (let item = 0; item < itemCount; item++) {
    let count = 0;
    addPairs(item, (other, amount) => {
      const sum = sums[other];
      if (sum === 0) touched[count++] = other;
      sums[other] = sum + amount;
    });
    const others = touched.subarray(0, count);
    const values = Float32Array.from(others, (other) => worthOf(item, other, sums[other]));
    const best = topK(values, most);
    const kept = Float32Array.from(best, (n) => values[n]);
    const whole = shares ? kept.reduce((sum, value) => sum + value, 0) : 1;
    rows.add(
      best.map((n) => others[n]),
      kept.map((value) => value / whole),
    );
    for (const other of others) sums[other] = 0;
    if (item % restEvery === 0) {
      await letOthersRun();
      signal.throwIfAborted();
    }
  }
  return rows.build();
}
