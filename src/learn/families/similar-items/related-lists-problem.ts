import type { RowSlotsState } from '../item-pairs/row-slots.ts';
import type { RelatedRowsTask } from './related-rows.ts';

/** What the threads of one run share. */
export type RelatedListsShared = {
  readonly queue: Int32Array;
  readonly task: RelatedRowsTask;
  /** Added to the logit of new items beside others. */
  readonly bonus: number;
  readonly slots: RowSlotsState;
};

/** Items that a thread takes at a time. */
export const blockItems = 512;

export const blocksOf = (items: number): number => Math.ceil(items / blockItems);
