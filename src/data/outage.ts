import { databaseOutage } from './database/dialect.ts';
import { fileProblem } from './objects/file-problem.ts';
import { ObjectStoreError } from './objects/object-store.ts';

/**
 * What a person has to know where the database, the object store or a disk cannot be used; undefined for an error of
 * any other kind, which is a defect or has a meaning of its own.
 */
export function outageOf(error: unknown): string | undefined {
  if (error instanceof ObjectStoreError) return error.reason === 'invalid-key' ? undefined : error.message;
  return databaseOutage(error) ?? fileOutage(error);
}

/** Codes of a disk that is full, read-only, closed to the server or broken. That a file is missing is a defect. */
const diskCodes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENFILE'];

/** Of a file that is read or written without a store around it. */
function fileOutage(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !diskCodes.includes(String(error.code))) return undefined;
  return fileProblem(error, 'path' in error ? String(error.path) : 'a file of the server')?.message;
}
