import type { TrainingFigures } from '../../util/progress.ts';
import type { TrainingRequest } from './training.ts';

/** What the trainer is told, once. */
export type TrainerTask = {
  readonly request: Omit<TrainingRequest, 'modelFolder'>;
  /** Where the model goes. */
  readonly folder: string;
  /** Where checkpoints lie: those that an earlier attempt kept, and those that this one makes, if it makes any. */
  readonly checkpoints?: { readonly earlier: string | undefined; readonly made: string } | undefined;
};

/** What it tells: how far it is, which checkpoint it has made, then how it ended. */
export type TrainerMessage =
  | { readonly kind: 'checkpoint'; readonly name: string }
  | { readonly kind: 'progress'; readonly fraction: number; readonly note: string; readonly figures?: TrainingFigures }
  | { readonly kind: 'done'; readonly metrics: Readonly<Record<string, number>> }
  /** `expected`: the data does not suffice, and the message says so; otherwise a defect, and it is a stack. */
  | { readonly kind: 'failed'; readonly expected: boolean; readonly message: string };
