import type { ItemMask } from './item-mask.ts';
import type { ExplainedItem, PartName } from './logit-parts.ts';
import type { HistoryUse, UserRequest } from './requests.ts';

/** Why an answer has these items where it has them. */
export type ExplainQuery = UserRequest & {
  readonly itemId?: string | undefined;
  /** The items of the answer, best first. */
  readonly items: readonly ExplainedItem[];
  /** As in the query that was answered: scores are shares among these. */
  readonly eligible?: ItemMask | undefined;
  /** The items were given, to be put in order: scores are shares among those of them that have interactions. */
  readonly isRanking?: boolean | undefined;
};

/** Something that an answer was made from, with ids. */
export type NamedCause =
  | {
      readonly kind: 'item';
      readonly itemId: string;
      /** How many interactions of the user with the item. */
      readonly interactions: number;
      /** When the newest happened, in seconds since the epoch; absent where the model keeps no times. */
      readonly newestAt?: number | undefined;
    }
  | { readonly kind: 'user' }
  | { readonly kind: 'context' };

/** Numbers by part. Their sum is the whole. */
export type Parts = Readonly<Partial<Record<PartName, number>>>;

/** How an item's logit and score differ from the model's answer without a cause. */
export type Effect = {
  readonly cause: NamedCause;
  /** The logit less that without the cause. */
  readonly change: number;
  readonly parts: Parts;
  /**
   * ln of the score less ln of that without the cause. It tells what the cause does for the item beside others: what
   * changes the logits of all items alike changes no score.
   */
  readonly lift: number;
  readonly scoreWithout: number;
};

export type ItemExplanation = { readonly itemId: string } & (
  | {
      readonly kind: 'scored';
      /** score = e^(logit − logSum). */
      readonly logit: number;
      /** That of the explanation; of an explored item the sum has the explored ones, too. */
      readonly logSum: number;
      readonly score: number;
      readonly parts: Parts;
      /** Greatest lift first, up or down. */
      readonly effects: readonly Effect[];
    }
  /** From a list of items, at this rank of it, from 1. */
  | { readonly kind: 'related' | 'similar' | 'popular'; readonly rank: number }
  /** The model has no interactions to know it by. */
  | { readonly kind: 'unscored' }
);

export type Explanation = {
  readonly items: readonly ItemExplanation[];
  /** ln Σ e^logit over all eligible items; absent where the recipe shows no scores. */
  readonly logSum?: number;
  /** Absent where answers do not depend on who asks. */
  readonly history?: HistoryUse;
  /** Items of the user's history that the explanation leaves aside, as models read no further back. */
  readonly older?: number;
};
