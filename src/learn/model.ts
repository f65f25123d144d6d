/** What a model answers: ids, best first; `scores` run beside them where the recipe shows any (spec runtime.md §7). */
export type Ranked = {
  readonly items: readonly string[];
  /** Parallel to `items`; a null is an item that the model cannot score. Absent: the recipe shows no scores. */
  readonly scores?: readonly (number | null)[];
};

/** A trained model, opened. Calls are CPU-bound, most of it before they first yield: they belong on a scoring worker. */
export interface Model {
  /** Memory it holds, in bytes. */
  readonly bytes: number;
  /** The best `count` items for a user (USER_PERSONALIZATION, POPULAR_ITEMS) or beside an item (RELATED_ITEMS). Unknown ids never fail. */
  recommend(query: { readonly userId?: string; readonly itemId?: string; readonly count: number }): Promise<Ranked>;
  /** `items` in the user's order: scored ones first, unknown ones after them as given (spec runtime.md §6). */
  rank(query: { readonly userId: string; readonly items: readonly string[] }): Promise<Ranked>;
}
