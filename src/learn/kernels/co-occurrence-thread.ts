import type { CoOccurrenceShared } from './co-occurrence-problem.ts';
import { runTasks } from './thread-pool.ts';
import { instantiateKernels } from './wasm.ts';
import { WorkQueue } from './work-queue.ts';

runTasks((shared: CoOccurrenceShared, thread: number) => {
  const { memory, users, itemUsers, decay, items, minimumCount, topN } = shared;
  const kernels = instantiateKernels(shared.module, memory);
  const words = new Uint32Array(memory.buffer);
  const { counts, weights } = scratchOf(shared, thread);
  const weighted = decay ? weights : 0;

  function item(row: number): void {
    const begin = words[itemUsers.offsets / 4 + row];
    const count = words[itemUsers.offsets / 4 + row + 1] - begin;
    const rowUsers = itemUsers.indices + 4 * begin;
    accumulate(rowUsers, begin, count);
    const offset = row * topN * 4;
    shared.kept[row] = best(row, rowUsers, count, shared.bestItems + offset, shared.bestScores + offset);
  }

  function accumulate(rowUsers: number, begin: number, count: number): void {
    const { offsets, indices } = users;
    if (!decay) {
      kernels.countPairs(rowUsers, count, offsets, indices, counts);
      return;
    }
    const { userTimes, maximumGap, newest, inOrder, outOfOrder, history } = decay;
    const moments = decay.itemTimes + 8 * begin;
    // biome-ignore format: the order of the kernel's arguments, in its groups
    kernels.weighPairs(
      rowUsers, moments, count, offsets, indices, userTimes,
      maximumGap, newest, inOrder, outOfOrder, history, counts, weights,
    );
  }

  /**
   * Empties the accumulator into the slots of `row`; a second walk over the pairs is dearer than a look at each item,
   * unless they are few.
   */
  function best(row: number, rowUsers: number, count: number, bestItems: number, bestScores: number): number {
    const { offsets, indices } = users;
    const { columnWeights } = shared;
    const offset = [bestItems, bestScores] as const;
    if (pairs(rowUsers, count) * 8 > items) {
      return kernels.bestOfAll(counts, weighted, columnWeights, items, row, minimumCount, topN, ...offset);
    }
    const touched = [rowUsers, count, offsets, indices] as const;
    return kernels.bestOfTouched(...touched, counts, weighted, columnWeights, row, minimumCount, topN, ...offset);
  }

  function pairs(rowUsers: number, count: number): number {
    let sum = 0;
    for (let at = rowUsers / 4; at < rowUsers / 4 + count; at++) {
      const range = users.offsets / 4 + words[at];
      sum += words[range + 1] - words[range];
    }
    return sum;
  }

  return () => {
    const queue = new WorkQueue(shared.queue);
    for (const block of queue.take(shared.blocks.length - 1)) {
      const end = shared.blocks[block + 1];
      for (let row = shared.blocks[block]; row < end; row++) item(row);
    }
  };
});

function scratchOf({ scratch }: CoOccurrenceShared, thread: number): CoOccurrenceShared['scratch'][number] {
  const own = scratch[thread];
  if (!own) throw new Error(`Thread ${thread} has no memory of its own.`);
  return own;
}
