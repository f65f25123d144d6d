import { join } from 'node:path';
import type { Backup } from '../control/backup/backup.ts';
import { makeBackup } from '../control/backup/make-backup.ts';
import { restoreBackup } from '../control/backup/restore-backup.ts';
import { openDatabase } from '../data/database/database.ts';
import { openHome } from '../data/home/home-folder.ts';
import { findStore } from '../data/objects/open-store.ts';
import { databaseLocation, locationOf, storeLocation } from './locations.ts';
import type { BackupOptions, RestoreOptions } from './options/tool-options.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What a verb of the command line works with. */
export type BackupEnvironment = {
  readonly output: NodeJS.WritableStream;
  readonly version: string;
  readonly signal: AbortSignal;
};

/**
 * Makes a backup of a server's database and store, running or not, and says what is in it. @throws Error with a
 * sentence
 */
export async function backUp(
  { target, ...locations }: BackupOptions,
  { output, ...rest }: BackupEnvironment,
): Promise<void> {
  await using work = await temporaryFolder();
  const { store } = await findStore(storeLocation(locations));
  const found = await findStore(locationOf(target, { cacheFolder: join(work.path, 'cache'), ...locations }));
  await found.prepare();
  const backup = await makeBackup({
    store,
    target: found.store,
    workFolder: work.path,
    now: Date.now(),
    ...rest,
    takeSnapshot: (file) => takeSnapshot(locations, file),
  });
  output.write(`The backup is in ${found.location}: ${contentOf(backup)}.
Every file was read again and has the checksum that it should have.
Not in it are your buckets, where imports read from and batches write to, the folder propensities, the audit trail, and
openpersonalize.key: where the home has that file, keep a copy elsewhere. Without it no secret can be read.
`);
}

/** Puts a backup into a new home, database and store. @throws Error with a sentence */
export async function restore(
  { backup: location, ...locations }: RestoreOptions,
  { output, signal }: BackupEnvironment,
) {
  await using work = await temporaryFolder();
  const source = await findStore(locationOf(location, { cacheFolder: join(work.path, 'cache'), ...locations }));
  const target = await findStore(storeLocation(locations));
  const backup = await restoreBackup({
    source: source.store,
    target,
    workFolder: work.path,
    signal,
    async openTarget() {
      await openHome(locations.home);
      return await openDatabase(databaseLocation(locations));
    },
  });
  output.write(`The backup of ${backup.createdAt} is restored: ${contentOf(backup)}.
Start a server with the same --home, --database and --store. What was not in the backup
are your buckets, and openpersonalize.key: if the former home has that file, put a copy into this one.
`);
}

function contentOf({ counts: { resources, recordsInLog, objects, bytes } }: Backup): string {
  const size = `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
  const records = recordsInLog.toLocaleString('en');
  return `${resources} resources, ${records} records that are in no file yet, and ${objects} objects of the store (${size})`;
}
