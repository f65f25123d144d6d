import type { LearnedFeatures } from '../../learn/features/learn-features.ts';
import type { Histories } from '../../learn/histories/histories.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import type { ItemRecords } from './item-records.ts';

/** Interactions as they stand in the files, for a protocol to divide. Nothing is left out, duplicates neither. */
export type Events = {
  /**
   * Each user's from the oldest to the newest; those of one moment in the order of the file. Items by index in `items`.
   */
  readonly histories: Histories;
  /** How many of each user's interactions come from the dataset; those of the test file follow them. */
  readonly given: Uint32Array;
  /** Every item of every file, in order of id. */
  readonly items: Vocabulary;
  /** 1 for an item that the items file has: it can be recommended without an interaction. */
  readonly listed: Uint8Array;
  /** What metadata says of the items and of the users, where there is any. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
  /** The items file as it stands, for recipes that read columns of it as they are. */
  readonly itemRecords?: ItemRecords | undefined;
};
