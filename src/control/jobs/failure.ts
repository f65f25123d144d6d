import { ServiceError } from '../../contract/errors.ts';
import { KeyError } from '../../data/encryption/key-error.ts';
import { ImportError } from '../../data/import/import-error.ts';
import { ObjectStoreError } from '../../data/objects/object-store.ts';
import { TaskDied, TaskError } from '../../util/child-task/task.ts';
import { WorkFailed } from './job.ts';

/**
 * The failureReason where no attempt is left, if the error of the last one says it better than that there were several.
 */
export const lastReasonFor = (error: unknown): string | undefined =>
  error instanceof TaskDied || error instanceof KeyError ? error.message : undefined;

/**
 * The failureReason that an error stands for; undefined if it is a defect or may pass, so that another attempt makes
 * sense.
 */
export function reasonFor(error: unknown): string | undefined {
  if (error instanceof KeyError) return error.kind === 'unreachable' ? undefined : error.message;
  if (error instanceof ObjectStoreError) return error.reason === 'unreachable' ? undefined : error.message;
  const isFinal =
    error instanceof WorkFailed ||
    error instanceof ImportError ||
    error instanceof TaskError ||
    error instanceof ServiceError;
  return isFinal ? error.message : undefined;
}
