import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Checksum, checksumOf } from '../../data/objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import { type Backup, backupFile, readBackup, writeBackup } from './backup.ts';
import { CopiedObjects } from './copied-objects.ts';
import { readSnapshot, type SnapshotContent } from './snapshot-content.ts';
import { verifyBackup } from './verify-backup.ts';

export type BackupRequest = {
  /** Writes a database as of now into a new SQLite file (`DatabaseWithSnapshots`). */
  readonly takeSnapshot: (file: string) => Promise<void>;
  /** The store that the database names objects of. */
  readonly store: ObjectStore;
  /** Where the backup goes: a place that nothing else uses. */
  readonly target: ObjectStore;
  /** A folder for intermediate files, which is there, and removed by the caller. */
  readonly workFolder: string;
  /** Version of this program. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
};

/**
 * While a server goes on, imports and updates remove objects that a snapshot names; what is left to copy is less each
 * time.
 */
const mostSnapshots = 10;

/**
 * Copies a database, as it is at one moment, and the objects that it names, while a server goes on with them; then
 * reads all of it again and compares checksums. Nothing is left of a backup that fails.
 *
 * @throws Error with a sentence for a person, ObjectStoreError, the signal's reason
 */
export async function makeBackup(request: BackupRequest): Promise<Backup> {
  const { store, target, version, now, signal } = request;
  await takePlace(target);
  const copied = new CopiedObjects(store, target);
  try {
    const { file, content } = await copyMoment(request, copied);
    await copied.keepOnly(content);
    const files: Record<string, Checksum> = { [backupFile.database]: await checksumOf(file) };
    await target.adopt(backupFile.database, file);
    for (const [key, sum] of copied.sums) files[backupFile.objects + key] = sum;
    await verifyBackup(target, files, signal);
    await writeBackup(target, {
      id: randomUUID(),
      version,
      createdAt: new Date(now).toISOString(),
      storeId: content.storeId ?? null,
      counts: countsOf(content, copied),
      files,
    });
    return await readBackup(target);
  } catch (error) {
    await clear(target, copied);
    throw error;
  }
}

/** A backup is never mixed with anything, another backup that is being made included. */
async function takePlace(target: ObjectStore): Promise<void> {
  for await (const { key } of target.list('')) throw notEmpty(target, key);
  if (!(await target.writeNew(backupFile.description, ''))) throw notEmpty(target, backupFile.description);
}

const notEmpty = (target: ObjectStore, key: string) =>
  new Error(`${target.location(key)} is there: a backup goes into a new or an empty place, choose another.`);

/** A snapshot and all objects that it names. */
async function copyMoment(
  { takeSnapshot, workFolder, signal }: BackupRequest,
  copied: CopiedObjects,
): Promise<{ readonly file: string; readonly content: SnapshotContent }> {
  let missing: string | undefined;
  for (let attempt = 1; attempt <= mostSnapshots; attempt++) {
    const file = join(workFolder, `snapshot-${attempt}.sqlite`);
    await takeSnapshot(file);
    const content = await readSnapshot(file);
    try {
      await copied.add(content, signal);
      return { file, content };
    } catch (error) {
      // It may have been replaced since; what two snapshots name is missing.
      if (!(error instanceof ObjectStoreError) || error.reason !== 'missing') throw error;
      if (error.message === missing)
        throw new Error(`${missing} The database names it. ${lookFirst}`, { cause: error });
      missing = error.message;
    }
  }
  throw new Error(
    `Objects were replaced while they were copied, ${mostSnapshots} times (${missing}). Try again later.`,
  );
}

const lookFirst = 'Look with "openpersonalize doctor" what else is missing.';

const countsOf = ({ resources, recordsInLog }: SnapshotContent, { sums }: CopiedObjects): Backup['counts'] => ({
  resources,
  recordsInLog,
  objects: sums.size,
  bytes: [...sums.values()].reduce((total, { bytes }) => total + bytes, 0),
});

async function clear(target: ObjectStore, copied: CopiedObjects): Promise<void> {
  try {
    await copied.removeAll();
    await target.remove(backupFile.database);
    await target.remove(backupFile.description);
  } catch {
    // What failed first is what a person must know; what is left keeps another backup out of the place.
  }
}
