import { invalidInput } from '../../contract/errors.ts';
import { ObjectStoreError } from '../../data/objects/object-store.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';

/**
 * Checks where a batch job reads and writes (spec batch.md §1).
 *
 * @throws ServiceError InvalidInputException for a path that is none in a bucket, and where both are the same
 */
export function checkLocations(input: string, output: string): void {
  requirePath('input', input);
  requirePath('output', output);
  if (outputFolder(input) !== outputFolder(output)) return;
  throw invalidInput('Invalid S3 output path. The paths of input and output must differ.');
}

/** The folder that an output path means. It ends in `/`. */
export const outputFolder = (path: string): string => (path.endsWith('/') ? path : `${path}/`);

function requirePath(which: 'input' | 'output', path: string): void {
  try {
    parseS3Uri(path);
  } catch (error) {
    if (error instanceof ObjectStoreError) throw invalidInput(`Invalid S3 ${which} path.`);
    throw error;
  }
  if (!/^s3:\/\/[^/]+\//.test(path)) throw invalidInput(`Invalid S3 ${which} path.`);
}
