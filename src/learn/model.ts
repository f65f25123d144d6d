/** What a model answers: ids, best first; `scores` run beside them where the recipe shows any (spec runtime.md §7). */
export type Ranked = {
  readonly items: readonly string[];
  /** Parallel to `items`; a null is an item that the model cannot score. Absent: the recipe shows no scores. */
  readonly scores?: readonly (number | null)[];
};

/** Where and how someone asks, by column of the interactions: what the model does not know of is left aside (spec runtime.md §3). */
export type Context = Readonly<Record<string, string>>;

export type RecommendQuery = {
  readonly userId?: string | undefined;
  readonly itemId?: string | undefined;
  readonly count: number;
  readonly context?: Context | undefined;
};

export type RankQuery = {
  readonly userId: string;
  readonly items: readonly string[];
  readonly context?: Context | undefined;
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
