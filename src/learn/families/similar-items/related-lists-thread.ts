import { runTasks } from '../../kernels/thread-pool.ts';
import { WorkQueue } from '../../kernels/work-queue.ts';
import { RowSlots } from '../item-pairs/row-slots.ts';
import { NearestItems } from './nearest-items.ts';
import { blockItems, blocksOf, type RelatedListsShared } from './related-lists-problem.ts';
import { RelatedRows } from './related-rows.ts';

runTasks(({ queue, task, bonus, slots }: RelatedListsShared) => {
  const related = new RelatedRows(task, new NearestItems(task.relations));
  const lists = new RowSlots(slots);
  const items = task.relations.counts.length;

  return () => {
    for (const block of new WorkQueue(queue).take(blocksOf(items))) {
      const end = Math.min(items, (block + 1) * blockItems);
      for (let item = block * blockItems; item < end; item++) {
        const { indices, values } = related.best(item, bonus);
        lists.set(item, indices, values);
      }
    }
  };
});
