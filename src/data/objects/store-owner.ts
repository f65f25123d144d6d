import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Database } from '../database/database.ts';
import { type ObjectStore, ObjectStoreError } from './object-store.ts';

/** The object at the root of a store that says whose it is; the database has the same id in `meta`. */
export const markKey = 'openpersonalize.json';

const markFormat = 1;
const largestMark = 4096;
const idKey = 'store_id';
const about =
  'The objects beside this file belong to an OpenPersonalize server, whose database has the same storeId. ' +
  'Keep files of your own elsewhere.';

/** What the database and the store say about each other. */
export type Ownership =
  /** The mark has the database's id. */
  | { readonly verdict: 'ours' }
  /** There is no mark with the database's id yet, and nothing speaks against one. */
  | { readonly verdict: 'unmarked'; readonly storeId: string | undefined }
  /** The store may be another database's or a person's, or its objects are lost. */
  | ForeignStore;

export type ForeignStore = {
  readonly verdict: 'foreign';
  /** What is seen, as the beginning of a sentence. */
  readonly finding: string;
  /** What to do, as the end of a sentence. */
  readonly remedy: string;
  readonly adoptable: boolean;
};

export type OwnershipRequest = {
  readonly store: ObjectStore;
  /** The store as a person writes it. */
  readonly location: string;
  /** Keys, and prefixes that end in `/`, of what must be in the store if it is the database's. */
  readonly named: readonly string[];
  readonly database: Database;
};

/**
 * Whether the store is the database's. Changes nothing.
 *
 * @throws ObjectStoreError if the store cannot be read.
 */
export async function readOwnership({ store, location, named, database }: OwnershipRequest): Promise<Ownership> {
  // The mark first: another node writes the database's id before it, so that a mark that is seen has its id in the
  // database.
  const read = await readMark(store);
  const id = await storeIdOf(database);
  const foreign = (finding: string, lost: 'database' | 'objects' | 'neither' = 'database'): ForeignStore => ({
    verdict: 'foreign',
    finding: `The store ${location} ${finding}`,
    remedy: remedies[lost],
    adoptable: lost !== 'neither',
  });

  if (read === 'unreadable') return foreign(`has a file ${markKey} that this release cannot read`, 'neither');
  const mark = read?.storeId;
  if (mark !== undefined && mark === id) return { verdict: 'ours' };
  if (read?.restoring !== undefined) {
    return foreign(
      'holds part of a backup, as its restoring has not ended ("openpersonalize restore" goes on with it)',
      'neither',
    );
  }
  if (mark !== undefined && id !== undefined) {
    return foreign(`belongs to another database (its ${markKey} says ${mark}, the database ${id})`);
  }
  // A database without an id is new, or it is of a release that gave none: its objects tell.
  if (await holdsAny(store, named)) return { verdict: 'unmarked', storeId: id ?? mark };
  if (mark !== undefined) return foreign(`belongs to another database (${described(named)})`);
  const stranger = await firstObject(store);
  if (stranger !== undefined && named.length > 0) {
    return foreign(
      `holds nothing that the database names (${named[0]}, …) but other files, such as ${stranger}`,
      'objects',
    );
  }
  if (stranger !== undefined) return foreign(`holds files, such as ${stranger}, and ${described(named)}`);
  if (named.length > 0) return foreign(`is empty, and ${described(named)}`, 'objects');
  return { verdict: 'unmarked', storeId: id };
}

/**
 * Marks a store without a mark as the database's: by the id that the database has, else by `storeId`, else by a new
 * one. The id is committed before the mark is written, so that a crash between the two is made good by the next start.
 *
 * @returns false if a mark is there by now: another server, or another node of this one, has been faster.
 */
export async function claimStore(
  database: Database,
  store: ObjectStore,
  storeId: string = randomUUID(),
): Promise<boolean> {
  return await store.writeNew(markKey, markOf({ storeId: await ensureStoreId(database, storeId) }));
}

/** Marks a store as the database's whatever mark it has. */
export async function takeStore(database: Database, store: ObjectStore): Promise<void> {
  await store.write(markKey, markOf({ storeId: await ensureStoreId(database, randomUUID()) }));
}

/** Several nodes may start at once: the first id stays. */
async function ensureStoreId(database: Database, storeId: string): Promise<string | undefined> {
  await giveStoreId(database, storeId);
  return await storeIdOf(database);
}

/**
 * Marks a store into which a backup is being restored: no database has its id before that is done, so that no server
 * starts on it.
 */
export const markRestoring = (store: ObjectStore, storeId: string, backupId: string): Promise<void> =>
  store.write(markKey, markOf({ storeId, restoring: backupId }));

/** The id that the store has if the restoring of this backup has begun and not ended. */
export async function restoringId(store: ObjectStore, backupId: string): Promise<string | undefined> {
  const mark = await readMark(store);
  return mark === 'unreadable' || mark?.restoring !== backupId ? undefined : mark.storeId;
}

const markOf = (facts: object): string => `${JSON.stringify({ format: markFormat, ...facts, about }, undefined, 2)}\n`;

/** Gives a database an id in the place of any that it has. */
export async function replaceStoreId(database: Database, storeId: string): Promise<void> {
  await database.deleteFrom('meta').where('key', '=', idKey).execute();
  await giveStoreId(database, storeId);
}

async function giveStoreId(database: Database, storeId: string): Promise<void> {
  await database
    .insertInto('meta')
    .values({ key: idKey, value: storeId })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** Undefined for a new database and for one of a release that gave none. */
export async function storeIdOf(database: Database): Promise<string | undefined> {
  const row = await database.selectFrom('meta').select('value').where('key', '=', idKey).executeTakeFirst();
  return row?.value;
}

const rightOptions = 'correct --home, --database or --store';
/** By what may be lost, if the options are right. */
const remedies = {
  database: `put the lost database back or restore a backup of it, or ${rightOptions}`,
  objects: `mount the disk of its objects or put them back, restore a backup into a new home, or ${rightOptions}`,
  neither: 'move it away, or choose another --store',
};

const described = (named: readonly string[]) =>
  named.length === 0
    ? 'the database is new and names none of its objects'
    : `the database names objects that are not in it, such as ${named[0]} (${named.length} in all)`;

type Mark = { readonly storeId: string; readonly restoring?: string };

async function readMark(store: ObjectStore): Promise<Mark | 'unreadable' | undefined> {
  const info = await store.head(markKey).catch(unlessMissing);
  if (info === undefined) return undefined;
  // A file of that name that is larger is somebody's own.
  return info.bytes > largestMark ? 'unreadable' : parseMark(await text(await store.read(markKey)));
}

function parseMark(content: string): Mark | 'unreadable' {
  try {
    const mark: unknown = JSON.parse(content);
    if (typeof mark !== 'object' || mark === null) return 'unreadable';
    const known = 'format' in mark && mark.format === markFormat;
    if (!known || !('storeId' in mark) || typeof mark.storeId !== 'string') return 'unreadable';
    const restoring = 'restoring' in mark && typeof mark.restoring === 'string' ? { restoring: mark.restoring } : {};
    return { storeId: mark.storeId, ...restoring };
  } catch {
    return 'unreadable';
  }
}

async function holdsAny(store: ObjectStore, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const found = name.endsWith('/') ? await firstObject(store, name) : await store.head(name).catch(unlessMissing);
    if (found !== undefined) return true;
  }
  return false;
}

/** The key of the first object below a prefix that is not the mark. */
export async function firstObject(store: ObjectStore, prefix = ''): Promise<string | undefined> {
  try {
    for await (const { key } of store.list(prefix)) if (key !== markKey) return key;
    return undefined;
  } catch (error) {
    return unlessMissing(error);
  }
}

/** A store whose folder is not there yet is empty. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof ObjectStoreError && error.reason === 'missing') return undefined;
  throw error;
}
