import type { ItemMask } from '../../learn/model/item-mask.ts';

/** What an answer may have. */
export type Eligible = {
  /** Over the indexes of the deployment's model. */
  readonly items: ItemMask;
  /** Whether an item may be in the answer, be it one of the model's or not. */
  allows(id: string): boolean;
};
