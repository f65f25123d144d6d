import type { ItemMask } from './item-mask.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The key under which lines of a segment job say what they are about (spec batch.md §5). */
export type SegmentKey = 'itemId' | 'itemAttributes';

export type SegmentQuery = {
  /** Indexes of the items that the users should be likely to interact with; of none, the segment is empty. */
  readonly items: Uint32Array;
  /** Most users that are wanted. */
  readonly count: number;
  /** The users that the segment may have, as bits over the model's user indexes; all unless given. */
  readonly eligible?: ItemMask | undefined;
};

/** A line that a model can make no segment of; the message says why, and where in an expression. */
export class SegmentSubjectError extends Error {
  override name = 'SegmentSubjectError';
}

/** A model that finds the users for items (USER_SEGMENTATION). */
export type SegmentModel = {
  /** Memory it holds, in bytes. */
  readonly bytes: number;
  readonly items: Vocabulary;
  /** Of the training; no ids in a model that is measured, which is asked by indexes. */
  readonly users: Vocabulary;
  /** The key that lines for its recipe have. */
  readonly key: SegmentKey;
  /**
   * The items that a line of a job is about; none where no item of the training has the attributes.
   *
   * @param subject what the line has under `key`
   * @throws SegmentSubjectError for an item that the training did not know, and an expression that is wrong
   */
  itemsOf(subject: string): Uint32Array;
  /** User indexes, best first. CPU-bound: it belongs into a process or thread that serves nothing. */
  segment(query: SegmentQuery): Promise<Uint32Array>;
  /** The items of each segment by which the model is measured: for example each item, or each value of an attribute. */
  measuredSegments(): readonly Uint32Array[];
};
