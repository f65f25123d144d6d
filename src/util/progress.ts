/** Figures of a training: what logs and metrics show. */
export type Figures = Readonly<Partial<Record<'epoch' | 'loss' | 'validationNdcg', number>>>;

/** How long work reports where it stands, and learns that it should stop. */
export type Watch = {
  /**
   * `fraction` of the whole, 0 to 1, as nearly as can be said of its time; `note` says in a few words what is being done.
   * With `figures`, be there any or none, it is worth a line in the log.
   */
  progress(fraction: number, note: string, figures?: Figures): void;
  readonly signal: AbortSignal;
};

/** A watch over the part of the work that begins and ends at these fractions of the whole. */
export const partOf = (watch: Watch, from: number, to: number): Watch => ({
  progress: (fraction, note, figures) => watch.progress(from + (to - from) * fraction, note, figures),
  signal: watch.signal,
});

/** Gets the share of the work that is done, 0 to 1. */
export type Progress = (fraction: number) => void;

/** The progress of the part of the work that begins and ends at these fractions of the whole. */
export const progressOf =
  (progress: Progress, from: number, to: number): Progress =>
  (fraction) =>
    progress(from + (to - from) * fraction);
