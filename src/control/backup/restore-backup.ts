import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyRows } from '../../data/database/copy-rows.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import type { FoundStore } from '../../data/objects/open-store.ts';
import {
  markKey,
  markRestoring,
  replaceStoreId,
  restoringId,
  storeIdOf,
  takeStore,
} from '../../data/objects/store-owner.ts';
import { type Backup, backupFile, readBackup } from './backup.ts';
import { copyObject, sameSum, sumOfObject } from './copy-object.ts';
import { requireIntegrity } from './snapshot-content.ts';
import { verifyBackup } from './verify-backup.ts';

export type RestoreRequest = {
  readonly source: ObjectStore;
  /**
   * The database, new and empty, as `openDatabase` gives it; open as long as the restoring takes, which keeps servers
   * out.
   */
  readonly openTarget: () => Promise<OpenDatabase>;
  /** The store, new or empty. */
  readonly target: FoundStore;
  /** A folder for intermediate files, which is there, and removed by the caller. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
};

/**
 * Puts a backup into a new database and an empty store: the objects first, then all of the database in one transaction.
 * Until that is committed the store bears a mark by which no server starts on it, and by which another attempt goes on.
 *
 * @throws Error with a sentence for a person, ObjectStoreError, the signal's reason; a backup that is damaged changes
 *   nothing
 */
export async function restoreBackup(request: RestoreRequest): Promise<Backup> {
  const { source, openTarget, signal } = request;
  const { store, prepare } = request.target;
  const backup = await readBackup(source);
  await verifyBackup(source, backup.files, signal);
  const from = await openSnapshot(request);
  try {
    await requireIntegrity(from.database);
    await requireOurs(store, backup);
    const target = await openTarget();
    try {
      const begunId = await restoringId(store, backup.id);
      // Not that of the backup: the database must not pass for the first one, and remove objects of its store.
      const storeId = begunId ?? randomUUID();
      // An attempt that was killed after its transaction has left nothing but the mark to be done.
      if (begunId === undefined || (await storeIdOf(target.database)) !== begunId) {
        await requireEmpty(target);
        await prepare();
        await markRestoring(store, storeId, backup.id);
        await putObjects(request, backup);
        await putRows(from, target, storeId);
      }
      await takeStore(target.database, store);
    } finally {
      await target.close();
    }
  } finally {
    await from.close();
  }
  return backup;
}

/** The database of the backup, brought to this release's format in a copy. */
async function openSnapshot({ source, workFolder }: RestoreRequest): Promise<OpenDatabase> {
  await using stored = await source.localFile(backupFile.database);
  const file = join(workFolder, 'snapshot.sqlite');
  await copyFile(stored.path, file);
  return await openDatabase({ file });
}

/**
 * @throws Error unless the store is empty, or has nothing but what an earlier attempt with this backup has put there
 */
async function requireOurs(store: ObjectStore, { id, files }: Backup): Promise<void> {
  const isContinued = (await restoringId(store, id)) !== undefined;
  for (const key of await keysOf(store)) {
    const ours = key === markKey || files[backupFile.objects + key] !== undefined;
    if (isContinued && ours) continue;
    throw new Error(
      `The store is not empty (${store.location(key)}): a backup is restored into a new --home or --store.`,
    );
  }
}

async function requireEmpty({ database }: OpenDatabase): Promise<void> {
  const resource = await database.selectFrom('resources').select('arn').limit(1).executeTakeFirst();
  if (!resource && (await storeIdOf(database)) === undefined) return;
  const found = resource ? `it has ${resource.arn}` : 'a server has been started on it';
  throw new Error(`The database is not new (${found}): a backup is restored into a new --home or --database.`);
}

async function putRows(from: OpenDatabase, target: OpenDatabase, storeId: string): Promise<void> {
  await target.database.transaction().execute(async (trx) => {
    await copyRows(from, { ...target, database: trx });
    // Nobody works on them any more.
    await trx.updateTable('jobs').set({ owner: null, lease_expires_at: null }).execute();
    await replaceStoreId(trx, storeId);
  });
}

async function putObjects({ source, target: { store }, signal }: RestoreRequest, { files }: Backup): Promise<void> {
  for (const [name, sum] of Object.entries(files)) {
    if (!name.startsWith(backupFile.objects)) continue;
    signal.throwIfAborted();
    const key = name.slice(backupFile.objects.length);
    const there = await store.head(key);
    if (there?.bytes === sum.bytes && sameSum(await sumOfObject({ store, key }), sum)) continue;
    const put = await copyObject({ store: source, key: name }, { store, key });
    if (!sameSum(put, sum)) throw new Error(`${source.location(name)} has changed while it was restored. Try again.`);
  }
}

async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  try {
    for await (const { key } of store.list('')) keys.push(key);
  } catch (error) {
    // A folder that is not there yet.
    if (!(error instanceof ObjectStoreError) || error.reason !== 'missing') throw error;
  }
  return keys;
}
