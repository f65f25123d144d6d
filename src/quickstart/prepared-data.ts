/** What the tables show of a film. */
export type ShownFilm = {
  readonly title: string;
  readonly genres: readonly string[];
  readonly year?: number | undefined;
};

/** A person whose recommendations are shown. */
export type Viewer = { readonly userId: string /** Item ids, oldest first. */; readonly history: readonly string[] };

/** Data that is ready to be imported. */
export type PreparedData = {
  /** A few words on what it is, with its size. */
  readonly description: string;
  readonly interactionsFile: string;
  /** Absent where nothing is known of the items but their ids. */
  readonly itemsFile?: string | undefined;
  readonly films: ReadonlyMap<string, ShownFilm>;
  readonly viewers: readonly Viewer[];
};

/** Of the people in `histories`, two with a history that says something and still leaves most to recommend. */
export function viewersShown(histories: ReadonlyMap<string, readonly string[]>): Viewer[] {
  const everybody = [...histories].map(([userId, history]) => ({ userId, history }));
  const telling = everybody.filter(({ history }) => history.length >= 15 && history.length <= 100);
  return (telling.length >= 2 ? telling : everybody).slice(0, 2);
}
