import { runTasks } from '../../kernels/thread-pool.ts';
import { WorkQueue } from '../../kernels/work-queue.ts';
import { DenseRow } from './dense-row.ts';
import type { NearPairsShared, PairRange } from './near-pairs-problem.ts';
import { RowSlots } from './row-slots.ts';

/** Added to the number of an item's interactions, so that what was seen once is no certainty. */
const shrinkage = 2;

runTasks(({ queue, blocks, items, starts, ends, occurrences, ranges }: NearPairsShared) => {
  const { offsets, users, positions } = occurrences;
  const row = new DenseRow(offsets.length - 1);
  const slots = ranges.map((range) => new RowSlots(range.slots));

  function addPairs(item: number, { before, after, itself }: PairRange): void {
    for (let at = offsets[item]; at < offsets[item + 1]; at++) {
      const user = users[at];
      const position = positions[at];
      const first = Math.max(starts[user], position - before);
      const end = Math.min(ends[user], position + after + 1);
      for (let near = first; near < end; near++) {
        const other = items[near];
        if (near !== position && (itself || other !== item)) row.add(other, 1 / Math.abs(near - position));
      }
    }
  }

  return () => {
    for (const block of new WorkQueue(queue).take(blocks.length - 1)) {
      for (let item = blocks[block]; item < blocks[block + 1]; item++) {
        const count = offsets[item + 1] - offsets[item];
        for (const [n, range] of ranges.entries()) {
          addPairs(item, range);
          const { indices, values } = row.take(range.most, (_, sum) => sum / (count + shrinkage));
          slots[n].set(item, indices, values);
        }
      }
    }
  };
});
