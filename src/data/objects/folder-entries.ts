import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './durable-files.ts';

/**
 * Names in a folder, those of folders ending in `/`, so that their order is the order of keys; none if it is missing.
 */
export async function folderEntries(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? [];
  const names = entries.map(async (entry) => ((await leadsToFolder(folder, entry)) ? `${entry.name}/` : entry.name));
  return (await Promise.all(names)).sort(byUtf8);
}

async function leadsToFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await stat(join(folder, entry.name)).catch(unlessNowhere))?.isDirectory() ?? false;
}

/** For `catch`: undefined also for a link that leads to itself. */
function unlessNowhere(error: NodeJS.ErrnoException): undefined {
  return error.code === 'ELOOP' ? undefined : unlessMissing(error);
}

/** The order in which S3 lists keys; that of JavaScript's strings differs beyond the basic plane. */
function byUtf8(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
