import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolders } from '../durable-files.ts';

/**
 * Puts a file in place of the one before, with the folders above it: seen whole or not at all, and there after a power
 * cut.
 *
 * @param partial a path in the same folder that no other writer uses meanwhile
 */
export async function replaceFile(path: string, text: string, partial: string): Promise<void> {
  const folder = dirname(path);
  const firstMade = await mkdir(folder, { recursive: true });
  await writeFile(partial, text, { flush: true });
  await rename(partial, path);
  await syncFolders(folder, firstMade === undefined ? folder : dirname(firstMade));
}
