/** One number that a bench has measured. */
export type BenchResult = {
  /** What was measured, unique among all results. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The budget for `ratio` where there is one, else for `value`. */
  readonly limit?: number;
  /** The same as what it must at least be. */
  readonly least?: number;
  /** `value` beside a peer's in the same run. */
  readonly ratio?: number;
  /** Size, settings and whatever else one has to know to read the number. */
  readonly detail?: string;
};

/** What the command line says of a run. */
export type BenchOptions = {
  /** A smaller run that says whether the bench works, not how fast things are. */
  readonly quick: boolean;
  /** A folder with data sets that are not the project's own. */
  readonly data?: string;
  /** Interactions of the benches memory and training. */
  readonly interactions?: number;
};
