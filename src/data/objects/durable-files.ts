import { link, mkdir, open, rename, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A folder can vanish between being made and being used, when its last file is removed just then. */
const moveAttempts = 20;

/** Waits until the content of a file is on disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Renames a synced file to `target`, making the folders above: seen whole or not at all, and there after a power cut.
 */
export async function moveInto(target: string, path: string, put: typeof rename = rename): Promise<void> {
  const folder = dirname(target);
  const firstMade = await putInto(folder, () => put(path, target), moveAttempts);
  // A folder that is gone again was removed with the file.
  await syncFolders(folder, firstMade === undefined ? folder : dirname(firstMade)).catch(unlessMissing);
}

/** The same unless `target` is there, then false; `path` stays. Of several processes that try at once, one succeeds. */
export async function linkInto(target: string, path: string): Promise<boolean> {
  try {
    await moveInto(target, path, link);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    if (!linkless.includes(String(code))) throw error;
    if (await stat(target).catch(unlessMissing)) return false;
    await moveInto(target, path);
    return true;
  }
}

/**
 * Codes of file systems without hard links, such as exFAT: there the last of those who try within the same moment
 * succeeds.
 */
const linkless = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Gives the topmost folder that had to be made. */
async function putInto(folder: string, put: () => Promise<void>, attempts: number): Promise<string | undefined> {
  try {
    const firstMade = await mkdir(folder, { recursive: true });
    await put();
    return firstMade;
  } catch (error) {
    const vanished = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!vanished || attempts === 1) throw error;
    return await putInto(folder, put, attempts - 1);
  }
}

/** Waits until the names in a folder are on disk, and those in the folders above it up to `top`. */
export async function syncFolders(folder: string, top: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows keeps names without being asked, and does not open folders
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (folder !== top) await syncFolders(dirname(folder), top);
}

/** Removes a folder and those above it, below `top`, as far as they hold nothing. */
export async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  if (folder === top) return;
  const removed = await rmdir(folder).then(
    () => true,
    () => false, // not empty, or gone already
  );
  if (removed) await removeEmptyFolders(dirname(folder), top);
}

/** For `catch`: undefined for what is not there. */
export function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
