import type { TrainingFigures } from '../progress.ts';

/** The tasks of a child process by name: the input and the result of each. Both go as JSON. */
export type Tasks = { readonly [Name: string]: { readonly input: object; readonly result: unknown } };

/** The one message to the process. */
export type TaskOrder = {
  readonly name: string;
  readonly input: object;
  /** Most memory that the process may take, in bytes; without, all that there is. */
  readonly memoryBytes?: number | undefined;
};

/** What it tells: how far it is, which checkpoint it has made, then how the task ended. */
export type TaskReport<Result> =
  | { readonly kind: 'progress'; readonly fraction: number; readonly note: string; readonly figures?: TrainingFigures }
  | { readonly kind: 'checkpoint'; readonly name: string; readonly path: string }
  | { readonly kind: 'done'; readonly result: Result }
  /** `expected`: a `TaskError`; otherwise a defect, and the message is a stack. */
  | { readonly kind: 'failed'; readonly expected: boolean; readonly message: string };

/** A task that cannot succeed with its input or its memory; the message is a sentence for a person. */
export class TaskError extends Error {
  override name = 'TaskError';
}

/** The process ended before the task did: another attempt may go better. The message is for a person if none does. */
export class TaskDied extends Error {
  override name = 'TaskDied';
}
