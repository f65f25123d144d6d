import type { PropensityQuery } from './action-model.ts';
import type { ExplainQuery, Explanation } from './explanation.ts';
import type { ItemMask } from './item-mask.ts';
import type {
  CandidateQuery,
  Candidates,
  DescribedItem,
  ExtraItems,
  HistoryUse,
  RankingInfluence,
  UserRequest,
} from './requests.ts';
import type { Vocabulary } from './vocabulary.ts';

export type {
  CandidateQuery,
  Candidates,
  DescribedItem,
  ExtraItems,
  HistoryUse,
  RankingInfluence,
  RequestContext,
  UserRequest,
} from './requests.ts';

/** What a model answers: ids, best first; `scores` run beside them where the recipe shows any (spec runtime.md §7). */
export type Ranking = {
  readonly items: readonly string[];
  /** Parallel to `items`; a null is an item that the model cannot score. Absent: the recipe shows no scores. */
  readonly scores?: readonly (number | null)[];
  /** Absent where answers do not depend on who asks. */
  readonly history?: HistoryUse;
  /** Of the extra items that the query names. */
  readonly extraScores?: ExtraScores;
  /** Where they were asked for and the item is similar to anything. */
  readonly candidates?: Candidates;
  /** Of the first items, which are there because they trend. */
  readonly trends?: readonly Trend[];
  /** Parallel to `items`, from 1: the ranks by the likeness of texts as they are now, where a live view decides. */
  readonly textRanks?: readonly number[];
};

/** How an item's interactions grow. */
export type Trend = {
  /** In the newest interval. */
  readonly interactions: number;
  /** By which factor, at least, there are more than in the interval before, beside those of all other items. */
  readonly growth: number;
};

/** What a user thinks of items, as if nobody had had them yet; parallel to the rows that were asked about. */
export type ExtraScores = {
  readonly logits: Float32Array;
  /** ln Σ e^logit of all items that are scored: e^(logit − logSum) is a score as in `Ranking`. */
  readonly logSum: number;
};

export type RecommendQuery = UserRequest & {
  readonly itemId?: string | undefined;
  readonly count: number;
  /** The items that the answer may have, by index of the model; all unless given. Scores are shares among them. */
  readonly eligible?: ItemMask | undefined;
  /** For recipes that take it; the others do without. */
  readonly influence?: RankingInfluence | undefined;
  /** For recipes whose live view adds items to a list. */
  readonly candidates?: CandidateQuery | undefined;
  /** Items about which the user is asked besides. */
  readonly extraItems?: ExtraItems | undefined;
};

/** Items are given: they alone are eligible. */
export type RankQuery = UserRequest & { readonly items: readonly string[] };

/**
 * A trained model, opened. Calls are CPU-bound, most of it before they first yield: they belong on a scoring worker.
 */
export interface Model {
  /** Memory it holds, in bytes. */
  readonly bytes: number;
  /** The ids of its items, by the indexes that masks have. */
  readonly items: Vocabulary;
  /**
   * The best `count` items for a user (USER_PERSONALIZATION, POPULAR_ITEMS) or beside an item (RELATED_ITEMS). Unknown
   * ids never fail.
   */
  recommend(query: RecommendQuery): Promise<Ranking>;
  /**
   * `items` in the user's order. Items that the model does not know, or knows no interaction of, come last, as given
   * and without a score (spec runtime.md §6).
   *
   * @throws Error if the model knows no users
   */
  rank(query: RankQuery): Promise<Ranking>;
  /**
   * Why an answer has these items. It yields to the event loop where it asks the model many times, so that others are
   * answered meanwhile.
   */
  explain(query: ExplainQuery): Promise<Explanation>;
  /**
   * Vectors of items, one after another: of those that came after the training by what is said of them. Absent where
   * items have none.
   */
  vectorsOf?(items: readonly DescribedItem[]): Float32Array;
  /** Whether the training has seen interactions with an item. */
  hasInteractions?(id: string): boolean;
  /** The chances of actions by index, 0 for those that are not scored; only of models that know actions. */
  propensities?(query: PropensityQuery): Promise<Float32Array>;
}
