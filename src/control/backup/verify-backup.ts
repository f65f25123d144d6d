import type { Checksum } from '../../data/objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import { sameSum, sumOfObject } from './copy-object.ts';

/**
 * Reads all files of a backup and compares their checksums. @throws Error that names the first file that is not as it
 * was written
 */
export async function verifyBackup(
  source: ObjectStore,
  files: Readonly<Record<string, Checksum>>,
  signal: AbortSignal,
): Promise<void> {
  for (const [key, expected] of Object.entries(files)) {
    signal.throwIfAborted();
    const found = await sumOfObject({ store: source, key }).catch(unlessMissing);
    const problem = found === undefined ? 'is missing' : 'is damaged, as its checksum is not the one in backup.json';
    if (!found || !sameSum(found, expected)) {
      throw new Error(`${source.location(key)} ${problem}: this backup cannot be used, take another one.`);
    }
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof ObjectStoreError && error.reason === 'missing') return undefined;
  throw error;
}
