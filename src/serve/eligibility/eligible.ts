import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Candidates } from '../exploration/candidates.ts';

/** What an answer may have. */
export type Eligible = {
  /** Over the indexes of the deployment's model. */
  readonly items: ItemMask;
  /** Whether an item may be in the answer, be it one of the model's or not. */
  allows(id: string): boolean;
  /** A bit for each of a deployment's candidates for exploration, by index: whether it may be in the answer. */
  candidates(candidates: Candidates): Uint32Array;
  /** At most `count` items that the answer may have and the model does not know, the last that came first. */
  others(count: number): readonly string[];
};
