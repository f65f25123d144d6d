import { ServiceError } from '../../contract/errors.ts';
import { ImportError } from '../../data/import/import-error.ts';
import { ObjectStoreError } from '../../data/object-store.ts';
import { TrainingError } from '../../learn/training.ts';
import { WorkFailed } from './job.ts';

/** The failureReason that an error stands for; undefined if it is a defect or may pass, so that another attempt makes sense. */
export function reasonFor(error: unknown): string | undefined {
  if (error instanceof ObjectStoreError) return error.reason === 'unreachable' ? undefined : error.message;
  const isFinal =
    error instanceof WorkFailed ||
    error instanceof ImportError ||
    error instanceof TrainingError ||
    error instanceof ServiceError;
  return isFinal ? error.message : undefined;
}
