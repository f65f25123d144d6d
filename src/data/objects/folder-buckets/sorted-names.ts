import { stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { unlessMissing } from '../durable-files.ts';
import { folderEntries } from '../folder-entries.ts';

/** Names that are remembered, so that pages of a large folder do not read and sort it each time. */
const remembered = new LRUCache<string, { readonly changedAt: bigint; readonly names: readonly string[] }>({
  maxSize: 2_000_000,
  sizeCalculation: ({ names }) => names.length + 1,
});

/** Below this age of a folder's last change another one may show the same time. */
const settledNs = 2_000_000_000n;

/** As `folderEntries`. A folder that has not changed since is not read again. */
export async function sortedNames(folder: string): Promise<readonly string[]> {
  const stats = await stat(folder, { bigint: true }).catch(unlessMissing);
  if (!stats) return [];
  const known = remembered.get(folder);
  if (known?.changedAt === stats.mtimeNs) return known.names;
  const names = await folderEntries(folder);
  const age = BigInt(Date.now()) * 1_000_000n - stats.mtimeNs;
  if (age > settledNs) remembered.set(folder, { changedAt: stats.mtimeNs, names });
  return names;
}
