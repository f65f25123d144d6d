import type { ReportFraction } from '../../util/progress.ts';
import type { Features } from '../features/column.ts';
import type { ActionData } from '../histories/action-data.ts';
import type { Histories } from '../histories/histories.ts';
import type { Parameters } from '../recipes/parameter-values.ts';
import type { EventWeight } from '../training/event-weights.ts';

/** The data that a model is measured on. */
export type EvaluationTask = {
  /** Of all users; none where the recipe does without interactions and there are none. */
  readonly histories: Histories;
  readonly itemCount: number;
  /** What metadata says of the users, in their order. */
  readonly userFeatures?: Features | undefined;
  /** For recipes that read actions. */
  readonly actions?: ActionData | undefined;
  readonly parameters: Parameters;
  /** Of event types, over their mean: adds the metric that weighs hits by them. */
  readonly eventWeights?: readonly EventWeight[] | undefined;
  /** Decides who or what is held out. */
  readonly seed: number;
};

/** What a model that is measured learns from, and how it is measured then. */
export type EvaluationPlan<Model> = {
  /**
   * The histories to learn from, and the users that they are of. Where they are the very same object as the task's, the
   * model that is measured is the one that is served, and nothing is learned twice.
   */
  readonly users: Uint32Array;
  readonly histories: Histories;
  /** Of these users, for recipes that read actions. */
  readonly actions?: ActionData | undefined;
  /** Says what is measured, and why so. */
  readonly sentence: string;
  /** The service's metrics (spec training.md §9.2): names in order, 4 decimals. */
  measure(model: Model, progress: ReportFraction): Promise<Record<string, number>>;
};

/** How the models of a recipe are measured. */
export type Evaluation<Model> = (task: EvaluationTask) => EvaluationPlan<Model>;
