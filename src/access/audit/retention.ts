import { rm, stat } from 'node:fs/promises';
import { isDelivered } from './delivery/trail-delivery.ts';
import { removalRecord } from './removal-note.ts';
import { isNodeOf, lastLinkIn, type TrailFile, trailFiles } from './trail-files.ts';

export type RetentionOptions = {
  readonly folder: string;
  /** Its files are removed, and those of commands. */
  readonly node: string;
  /** Days before today that are kept. */
  readonly days: number;
  /** Only what is in the bucket is removed. */
  readonly requiresDelivery: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves once the record is on the disk. */
  readonly commit: (record: string) => Promise<void>;
};

const dayMs = 86_400_000;

/** Removes files of days that are past, the oldest first. That a chain's beginning is removed is recorded before. */
export async function removeOldFiles(options: RetentionOptions): Promise<void> {
  const { folder, node, days, now } = options;
  const first = new Date(now() - days * dayMs).toISOString().slice(0, 10);
  const files = (await trailFiles(folder)).filter((file) => isNodeOf(file, node));
  for (const [owner, own] of Map.groupBy(files, (file) => file.node)) {
    const old = await removable(
      options,
      own.filter(({ day }) => day < first),
    );
    const link = await lastLinkIn(old);
    // Of a file without a whole record it is not sure whose it is.
    if (old.length === 0 || !link) continue;
    const { sequence, hash } = link;
    const note = { node: owner, through: old.at(-1)?.day ?? first, sequence, hash };
    await options.commit(removalRecord(note, { days, time: now() }));
    for (const { path } of old) await rm(path, { force: true });
  }
}

/** The files up to the first one that is not in the bucket yet. */
async function removable({ folder, requiresDelivery }: RetentionOptions, files: readonly TrailFile[]) {
  if (!requiresDelivery) return files;
  const delivered: TrailFile[] = [];
  for (const file of files) {
    if (!(await isDelivered(folder, file, (await stat(file.path)).size))) break;
    delivered.push(file);
  }
  return delivered;
}
