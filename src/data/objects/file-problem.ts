import { ObjectStoreError } from './object-store.ts';

/**
 * What an error of the file system means for the object at `place` (a path, or an `s3://` location that is kept in
 * one). Undefined for an error that does not come from the file system.
 */
export function fileProblem(error: unknown, location: string): ObjectStoreError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  const problem = (reason: ObjectStoreError['reason'], sentence: string) =>
    new ObjectStoreError(reason, sentence, { cause: error });
  const taken = `${location} cannot be written: a folder has that name, or an object the name of its folder.`;
  switch (error.code) {
    case 'ENOENT':
      return problem('missing', `There is no object ${location}.`);
    case 'ENOTDIR':
      if (error.syscall === 'mkdir') return problem('invalid-key', taken);
      return problem('missing', `There is no object ${location}.`);
    case 'EEXIST':
    case 'EISDIR':
    case 'ENOTEMPTY':
      return problem('invalid-key', taken);
    case 'ELOOP':
      return problem('invalid-key', `${location} is, or is below, a link that leads to itself.`);
    case 'ENAMETOOLONG':
      return problem('invalid-key', `The name ${location} is too long for this file system.`);
    case 'EACCES':
    case 'EPERM':
      return problem(
        'forbidden',
        `The server may not use ${location}: check owner and mode of the file and its folders.`,
      );
    case 'EROFS':
      return problem('forbidden', `${location} cannot be written: its disk is mounted read-only.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return problem('full', `There is no space left to write ${location}: free some and try again.`);
    default:
      return problem('unreachable', `The disk failed to read or write ${location} (${error.message}).`);
  }
}
