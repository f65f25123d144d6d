import type { Database } from '../data/database/database.ts';
import type { ObjectStore } from '../data/objects/object-store.ts';
import { findStore, type StoreLocation } from '../data/objects/open-store.ts';
import { claimStore, markKey, readOwnership, takeStore } from '../data/objects/store-owner.ts';
import type { Logger } from '../util/logger.ts';
import { kinds } from './kinds.ts';
import { namedObjects } from './resources/named-objects.ts';

type OwnStoreRequest = {
  readonly location: StoreLocation;
  readonly database: Database;
  /** Whether a person has said to take the store over from another database. */
  readonly adopt: boolean;
  readonly log: Logger;
};

const adoption =
  ', or look with "openpersonalize doctor" and then start once with --adopt-store to use the store with this database';

/**
 * Opens the store of this server's database. One that is new is marked as the database's; nothing of any other is
 * changed.
 *
 * @throws Error with one sentence for a person if the store may not be this database's, ObjectStoreError if it cannot
 *   be used.
 */
export async function openOwnStore(request: OwnStoreRequest): Promise<ObjectStore> {
  const { location, database, adopt, log } = request;
  const { store, location: name, prepare } = await findStore(location);
  const named = await namedObjects(database, kinds);
  const ownership = await readOwnership({ store, location: name, named, database });
  if (ownership.verdict === 'foreign' && !(adopt && ownership.adoptable)) {
    const { finding, remedy, adoptable } = ownership;
    throw new Error(`${finding}: nothing was changed; ${remedy}${adoptable ? adoption : ''}.`);
  }
  await prepare();
  if (ownership.verdict === 'unmarked' && !(await claimStore(database, store, ownership.storeId))) {
    // Somebody has marked it meanwhile.
    return await openOwnStore(request);
  }
  if (ownership.verdict === 'foreign') {
    await takeStore(database, store);
    const { objects, bytes } = await unnamedObjects(store, named);
    const facts = { store: name, unknownObjects: objects, unknownBytes: bytes };
    log.warn(facts, `${ownership.finding}. It was adopted; what the database does not know in it stays.`);
  }
  return store;
}

/** What is in a store beside objects of these keys and prefixes. */
export async function unnamedObjects(
  store: ObjectStore,
  named: readonly string[],
): Promise<{ readonly objects: number; readonly bytes: number; readonly first: string | undefined }> {
  const keys = new Set(named);
  const prefixes = named.filter((name) => name.endsWith('/'));
  let [objects, total] = [0, 0];
  let first: string | undefined;
  for await (const { key, bytes } of store.list('')) {
    if (key === markKey || keys.has(key) || prefixes.some((prefix) => key.startsWith(prefix))) continue;
    first ??= key;
    objects++;
    total += bytes;
  }
  return { objects, bytes: total, first };
}
