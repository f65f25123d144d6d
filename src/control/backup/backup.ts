import { text } from 'node:stream/consumers';
import type { Checksum } from '../../data/objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import { readSummedJson, writeSummedJson } from '../../data/summed-json.ts';

/** Version of the form of a backup (docs/operations.md). */
const backupFormat = 1;

/** A backup is a place of its own, a folder or a prefix of a bucket, with these objects. */
export const backupFile = {
  /** Empty while the backup is being made, and written last. */
  description: 'backup.json',
  database: 'database.sqlite',
  /** What the keys of the store begin with. */
  objects: 'store/',
} as const;

export type Backup = {
  readonly format: number;
  /** Identifies this backup. */
  readonly id: string;
  /** Version of OpenPersonalize that made it. */
  readonly version: string;
  /** When it was begun, in ISO 8601: all that was acknowledged before is in it. */
  readonly createdAt: string;
  /** The id that database and store have in common; null if the database is of a release that gave none. */
  readonly storeId: string | null;
  readonly counts: BackupCounts;
  /** All objects of the backup but its description. */
  readonly files: Readonly<Record<string, Checksum>>;
};

export type BackupCounts = {
  readonly resources: number;
  /** Records that came one by one and are in the database, not in files yet. */
  readonly recordsInLog: number;
  /** Objects of the store, and their size. */
  readonly objects: number;
  readonly bytes: number;
};

export const writeBackup = (target: ObjectStore, backup: Omit<Backup, 'format'>): Promise<void> =>
  target.write(backupFile.description, writeSummedJson({ format: backupFormat, ...backup }));

/** @throws Error with a sentence if there is no whole backup of a form that is known here */
export async function readBackup(source: ObjectStore): Promise<Backup> {
  const location = source.location(backupFile.description);
  const content = await read(source).catch((error: unknown) => {
    if (!(error instanceof ObjectStoreError) || error.reason !== 'missing') throw error;
    throw new Error(`There is no ${location}: it is no backup, or one that was not finished.`, { cause: error });
  });
  if (content === '') throw new Error(`${location} is empty: it is of a backup that was not finished.`);
  const backup = readSummedJson<Backup>(content);
  if (!backup) throw new Error(`${location} is damaged: use another backup.`);
  if (backup.format === backupFormat) return backup;
  throw new Error(
    `${location} has format ${backup.format}, and this release reads ${backupFormat}: use a newer release.`,
  );
}

const read = async (source: ObjectStore) => await text(await source.read(backupFile.description));
