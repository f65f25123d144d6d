import { availableParallelism } from 'node:os';
import { entryBeside, ThreadPool } from '../../kernels/thread-pool.ts';
import { stoppable, WorkQueue } from '../../kernels/work-queue.ts';
import type { SparseItemRows } from '../item-pairs/item-rows.ts';
import { RowSlots } from '../item-pairs/row-slots.ts';
import type { PairWeights } from './choose-weights.ts';
import { NearestItems } from './nearest-items.ts';
import { newItemBonus, putNewBeside } from './new-items.ts';
import { blocksOf, type RelatedListsShared } from './related-lists-problem.ts';
import { RelatedRows } from './related-rows.ts';
import { type Relations, shareRelations } from './relations.ts';

/** Related items kept of an item, and of all items together, at 8 bytes. */
const keptOfItem = 200;
const keptOfAll = 1e8;

/**
 * For each item the others that are best beside it (`RelatedRows.best`), best first: the same whatever the number of
 * threads.
 *
 * @throws the signal's reason soon after its abort
 */
export async function relatedLists(
  relations: Relations,
  weights: PairWeights,
  discount: number,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const { counts } = relations;
  const items = counts.length;
  const kept = Math.ceil(Math.min(keptOfItem, items, keptOfAll / Math.max(items, 1)));
  const nearest = new NearestItems(relations);
  const newBeside = putNewBeside(nearest, counts);
  const task = { relations: shareRelations(relations), weights, discount, kept, newBeside };
  const bonus = newItemBonus(new RelatedRows(task, nearest), counts);
  const slots = RowSlots.withRoom(items, () => kept);
  const queue = new WorkQueue();
  return await stoppable(queue, signal, async () => {
    const pool = new ThreadPool<RelatedListsShared, null>(
      entryBeside(import.meta.url, './related-lists-thread'),
      Math.min(availableParallelism(), blocksOf(items)),
      { queue: queue.state, task, bonus, slots: slots.state },
    );
    try {
      await pool.run(null);
    } finally {
      await pool.close();
    }
    return slots.build();
  });
}
