import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Waits until the content of a file is on disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
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
