import { ObjectStoreError } from '../objects/object-store.ts';

/** An import that cannot succeed with this data; the message is the job's failureReason. */
export class ImportError extends Error {
  override name = 'ImportError';
}

/**
 * What `error` means for the import job: an ImportError where the cause lies outside of this program, else the error
 * itself.
 */
export function asImportError(error: unknown): unknown {
  if (error instanceof ObjectStoreError) {
    return new ImportError(storeReason(error), { cause: error });
  }
  if (isDiskFull(error)) {
    const advice = 'The disk of the server is full: free some space and create the import job again';
    return new ImportError(`${advice} (${error.message.split('\n', 1)[0]}).`, { cause: error });
  }
  return error;
}

/** Whether node or DuckDB, which hands on the system's words, ran out of disk. */
export function isDiskFull(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    ('code' in error && error.code === 'ENOSPC') || /no space left on device|disk quota exceeded/i.test(error.message)
  );
}

function storeReason({ reason, message }: ObjectStoreError): string {
  if (reason === 'forbidden') return `Insufficient privileges for accessing data in Amazon S3. ${message}`;
  if (reason === 'full') return `The disk of the server is full. ${message}`;
  return message;
}
