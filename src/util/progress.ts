/** Metrics of a training under way, as logs and `/metrics` show them. */
export type TrainingFigures = Readonly<Partial<Record<'epoch' | 'loss' | 'validationNdcg', number>>>;

/** How long work reports how far it is, and learns that it should stop. */
export type Progress = {
  /**
   * `fraction` of the whole, 0 to 1, as nearly as can be said of its time; `note` says in a few words what is being
   * done. With `figures`, be there any or none, it is worth a line in the log.
   */
  report(fraction: number, note: string, figures?: TrainingFigures): void;
  readonly signal: AbortSignal;
};

/** Progress of the part of the work that begins and ends at these fractions of the whole. */
export const subProgress = (progress: Progress, from: number, to: number): Progress => ({
  report: (fraction, note, figures) => progress.report(from + (to - from) * fraction, note, figures),
  signal: progress.signal,
});

/** Takes the share of the work that is done, 0 to 1. */
export type ReportFraction = (fraction: number) => void;

/** Reports for the part of the work that begins and ends at these fractions of the whole. */
export const subFraction =
  (report: ReportFraction, from: number, to: number): ReportFraction =>
  (fraction) =>
    report(from + (to - from) * fraction);
