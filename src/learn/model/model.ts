import type { StreamedId } from '../../data/identity.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { ItemMask } from './item-mask.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How much of a user's history an answer is made from. */
export type HistoryUse = {
  /** Whose history: the user who was asked for, or the session that the id stands for. */
  readonly userId: string | undefined;
  /** Interactions that the model keeps of the user from its training. */
  readonly kept: number;
  /** Events since then on items that the model knows. */
  readonly recent: number;
  /** When the newest of the events since then happened, in seconds since the epoch; absent if there are none. */
  readonly newestEventAt?: number | undefined;
};

/** What a model answers: ids, best first; `scores` run beside them where the recipe shows any (spec runtime.md §7). */
export type Ranking = {
  readonly items: readonly string[];
  /** Parallel to `items`; a null is an item that the model cannot score. Absent: the recipe shows no scores. */
  readonly scores?: readonly (number | null)[];
  /** Absent where answers do not depend on who asks. */
  readonly history?: HistoryUse;
  /** Of the extra items that the query names. */
  readonly extraScores?: ExtraScores;
};

/**
 * Where and how someone asks, by column of the interactions: what the model does not know of is left aside (spec
 * runtime.md §3).
 */
export type RequestContext = Readonly<Record<string, string>>;

/** An item with what is said of it, as text by column; without where only the model's own knowledge is wanted. */
export type DescribedItem = { readonly id: string; readonly metadata?: ReadonlyMap<string, string> | undefined };

/** Items by their vectors (`Model.vectorsOf`): these rows of them, which may name one more than once. */
export type ExtraItems = { readonly vectors: Float32Array; readonly rows: Uint32Array };

/** What a user thinks of items, as if nobody had had them yet; parallel to the rows that were asked about. */
export type ExtraScores = {
  readonly logits: Float32Array;
  /** ln Σ e^logit of all items that are scored: e^(logit − logSum) is a score as in `Ranking`. */
  readonly logSum: number;
};

/** Who asks, and how. */
export type UserRequest = {
  readonly userId?: string | undefined;
  readonly context?: RequestContext | undefined;
  /** What the stream of events knows of the id beyond the model's training. */
  readonly streamed?: StreamedId<LiveHistory> | undefined;
};

export type RecommendQuery = UserRequest & {
  readonly itemId?: string | undefined;
  readonly count: number;
  /** The items that the answer may have, by index of the model; all unless given. Scores are shares among them. */
  readonly eligible?: ItemMask | undefined;
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
   * Vectors of items, one after another: of those that came after the training by what is said of them. Absent where
   * items have none.
   */
  vectorsOf?(items: readonly DescribedItem[]): Float32Array;
  /** Whether the training has seen interactions with an item. */
  hasInteractions?(id: string): boolean;
}
