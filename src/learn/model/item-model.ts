import type { History } from '../histories/histories.ts';
import type { ItemMask } from './item-mask.ts';
import type { ExplainedItem, ExplainedLogits } from './logit-parts.ts';
import type { DescribedItem, ExtraItems, HistoryUse, UserRequest } from './model.ts';
import type { CandidateQuery, Candidates, RankingInfluence } from './requests.ts';
import type { Vocabulary } from './vocabulary.ts';

/*
 * What recipes open: models that are asked and answer by item indexes. `byIds` puts ids around one, for requests;
 * evaluation asks it as it is.
 */

/** A user by history, whom the model need not know, and the condition of the request: a code of each column. */
export type UserQuery = { readonly history: History; readonly condition: Uint8Array };

/** What every query says. */
export type ListQuery = {
  /** Most items that are wanted. */
  readonly count: number;
  /** The items that the answer may have; all unless given. Fewer than `count` come back only if there are no more. */
  readonly eligible?: ItemMask | undefined;
  /** Only the order is wanted: the answer has no logits, which is quicker. */
  readonly orderOnly?: boolean;
};

/** Item indexes, best first. */
export type RankedItems = {
  readonly items: Uint32Array;
  /** Absent where the recipe shows no scores, or none were wanted. */
  readonly logits?: ItemLogits;
  /** Where they were asked for and the item is similar to anything. */
  readonly candidates?: Candidates;
};

export type ItemLogits = {
  /** Of the first items of the list, as many as have one. */
  readonly values: Float32Array;
  /** ln Σ e^logit over all eligible items that have one: e^(logit − logSum) is an item's score. */
  readonly logSum: number;
  /** Of the extra items that were asked about, as if nobody had had them yet. */
  readonly extra?: Float32Array | undefined;
};

type ListModel<Query extends ListQuery> = {
  /** Memory it holds, in bytes. */
  readonly bytes: number;
  readonly items: Vocabulary;
  /** What is asked in one turn of the event loop may be answered together, for less. */
  recommend(query: Query): Promise<RankedItems>;
};

/** The list that an item of an answer comes from, and its rank there, from 1. */
export type ListRank = { readonly list: 'related' | 'similar' | 'popular'; readonly rank: number };

/** One list for everybody. */
export type PopularItemsModel = ListModel<ListQuery> & { rankOf?(item: number): ListRank };

/** The items beside an item, which is not among them; −1 is an item that the model does not know. */
export type RelatedItemsModel = ListModel<
  ListQuery & {
    readonly item: number;
    readonly influence?: RankingInfluence | undefined;
    readonly candidates?: CandidateQuery | undefined;
  }
> & {
  /** Undefined where it is not among the first that the model would give. */
  rankOf?(item: number, beside: number): ListRank | undefined;
};

/** The items for a user. */
export type UserModel = ListModel<
  ListQuery & {
    readonly user: UserQuery;
    /** Items about which the user is asked besides. */
    readonly extraItems?: ExtraItems | undefined;
  }
> & {
  /** Items with a lower index have interactions. */
  readonly warmItems: number;
  /** Resolves the user of a request. */
  userOf(request: UserRequest): RequestingUser;
  /** Vectors of items, one after another: of those that came after the training by what is said of them. */
  vectorsOf(items: readonly DescribedItem[]): Float32Array;
  /**
   * What the logits of some items are made of, for each of the users. It yields to the event loop after each user.
   *
   * @param eligible the items that the sums go over; all unless given
   */
  explain(
    users: readonly UserQuery[],
    items: readonly ExplainedItem[],
    eligible?: ItemMask,
  ): Promise<readonly ExplainedLogits[]>;
};

export type RequestingUser = { readonly user: UserQuery; readonly used: HistoryUse };

export type ItemModel = PopularItemsModel | RelatedItemsModel | UserModel;

/** What models of each kind are asked about where a history is given: its user, or the items beside its newest. */
export const subjectOf = (history: History): { readonly user: UserQuery; readonly item: number } => ({
  user: { history, condition: new Uint8Array() },
  item: history.items.at(-1) ?? -1,
});
