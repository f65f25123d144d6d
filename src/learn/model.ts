/** What a model answers: ids, best first; `scores` run beside them where the recipe shows any (spec runtime.md §7). */
export type Ranked = {
  readonly items: readonly string[];
  /** Parallel to `items`; a null is an item that the model cannot score. Absent: the recipe shows no scores. */
  readonly scores?: readonly (number | null)[];
};

/** Where and how someone asks, by column of the interactions: what the model does not know of is left aside (spec runtime.md §3). */
export type Context = Readonly<Record<string, string>>;

/** What someone has done since the training, from the oldest to the newest; the arrays run side by side. */
export type RecentEvents = {
  readonly items: readonly string[];
  /** Seconds since the epoch. */
  readonly timestamps: Float64Array;
  /** Values by column of the interactions, as a request writes them; empty where there is none. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
};

export type RecommendQuery = {
  readonly userId?: string | undefined;
  readonly itemId?: string | undefined;
  readonly count: number;
  readonly context?: Context | undefined;
  /** Of the user, beyond what the model has seen in its training. */
  readonly recent?: RecentEvents | undefined;
};

export type RankQuery = {
  readonly userId: string;
  readonly items: readonly string[];
  readonly context?: Context | undefined;
  /** As above. */
  readonly recent?: RecentEvents | undefined;
};

/** A trained model, opened. Calls are CPU-bound, most of it before they first yield: they belong on a scoring worker. */
export interface Model {
  /** Memory it holds, in bytes. */
  readonly bytes: number;
  /** The best `count` items for a user (USER_PERSONALIZATION, POPULAR_ITEMS) or beside an item (RELATED_ITEMS). Unknown ids never fail. */
  recommend(query: RecommendQuery): Promise<Ranked>;
  /** `items` in the user's order: scored ones first, unknown ones after them as given (spec runtime.md §6). */
  rank(query: RankQuery): Promise<Ranked>;
}
