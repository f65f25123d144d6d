import { availableParallelism } from 'node:os';
import { allUsers, type Histories, historyOf, interactionsByItem, selectUsers } from '../../histories/histories.ts';
import { entryBeside, ThreadPool } from '../../kernels/thread-pool.ts';
import { cutRows, stoppable, WorkQueue } from '../../kernels/work-queue.ts';
import type { SparseItemRows } from './item-rows.ts';
import type { NearPairsShared, Occurrences, PairRange } from './near-pairs-problem.ts';
import { RowSlots } from './row-slots.ts';

/**
 * For each range, row by row, what stands near the row's item in the histories: Σ 1 / distance over all pairs within
 * reach, over its interactions + 2. With a reach of one after it these are first-order transitions. In a history of one
 * moment nothing is near anything. Rows are over shared memory, and the same whatever the number of threads.
 *
 * @throws the signal's reason soon after its abort
 */
export async function nearPairs(
  histories: Histories,
  itemCount: number,
  ranges: readonly PairRange[],
  signal: AbortSignal,
): Promise<SparseItemRows[]> {
  const queue = new WorkQueue();
  return await stoppable(queue, signal, async () => {
    const occurrences = occurrencesIn(histories, itemCount);
    const { offsets } = occurrences;
    const blocks = cutRows(offsets);
    const slots = ranges.map(({ before, after, most }) =>
      RowSlots.withRoom(itemCount, (item) =>
        Math.min(most, itemCount, (before + after) * (offsets[item + 1] - offsets[item])),
      ),
    );
    const pool = new ThreadPool<NearPairsShared, null>(
      entryBeside(import.meta.url, './near-pairs-thread'),
      Math.min(availableParallelism(), blocks.length - 1),
      {
        queue: queue.state,
        blocks,
        items: histories.items,
        starts: histories.starts,
        ends: histories.ends,
        occurrences,
        ranges: ranges.map((range, n) => ({ ...range, slots: slots[n].state })),
      },
    );
    try {
      await pool.run(null);
    } finally {
      await pool.close();
    }
    return slots.map((each) => each.build());
  });
}

/** In a history of one moment nothing is near anything: it is left out. */
function occurrencesIn(histories: Histories, itemCount: number): Occurrences {
  const ordered = allUsers(histories).filter((user) => {
    const { timestamps } = historyOf(histories, user);
    return timestamps.at(-1) !== timestamps[0];
  });
  const offsets = sharedUint32(itemCount + 1);
  interactionsByItem(selectUsers(histories, ordered), itemCount).forEach((count, item) => {
    offsets[item + 1] = offsets[item] + count;
  });
  const next = offsets.slice();
  const users = sharedUint32(offsets[itemCount]);
  const positions = sharedUint32(users.length);
  for (const user of ordered) {
    for (let position = histories.starts[user]; position < histories.ends[user]; position++) {
      const item = histories.items[position];
      const at = next[item];
      users[at] = user;
      positions[at] = position;
      next[item] = at + 1;
    }
  }
  return { offsets, users, positions };
}

const sharedUint32 = (length: number) => new Uint32Array(new SharedArrayBuffer(4 * length));
