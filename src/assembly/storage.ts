import { join } from 'node:path';
import type { Logger } from 'pino';
import { storeLocation } from '../cli/locations.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import { openOwnStore } from '../control/own-store.ts';
import type { DatabaseWithSnapshots } from '../data/database/database.ts';
import { GroupKeys } from '../data/encryption/group-keys.ts';
import { ScratchFolder } from '../data/home/scratch-folder.ts';
import type { ObjectStore } from '../data/objects/object-store.ts';
import { SealedStore } from '../data/objects/sealed-store.ts';
import { openKeys, type ServerKeys } from './keys.ts';
import type { ServerTrail } from './trail.ts';

/** Where a process keeps what is not in its database. */
export type ServerStorage = {
  readonly store: ObjectStore;
  readonly keyService: ServerKeys;
  /** The keys of dataset groups. */
  readonly keys: GroupKeys;
  /** A folder of this process alone. */
  readonly workFolder: string;
};

type Parts = {
  readonly database: DatabaseWithSnapshots;
  /** Whether signatures are verified. */
  readonly verifies: boolean;
  /** Nobody else can use the home: what is left of earlier work in it may go. */
  readonly alone: boolean;
  /** Undefined where nothing is recorded. */
  readonly trail: ServerTrail | undefined;
  readonly log: Logger;
};

/**
 * Opens the store, the keys, and a folder for work.
 *
 * @param opened closes them
 * @throws Error with a sentence, such as that the store is another database's
 */
export async function openStorage(
  options: ServerOptions,
  { database: { database, dialect }, verifies, alone, trail, log }: Parts,
  opened: AsyncDisposableStack,
): Promise<ServerStorage> {
  const keyService = openKeys(options, { database, dialect, verifies, trail, log });
  opened.defer(() => keyService.stop());
  const keys = new GroupKeys({ database, service: keyService.dataKeys, now: () => Date.now() });
  opened.defer(() => keys.stop());
  const location = storeLocation(options);
  const ownStore = await openOwnStore({ location, database, adopt: options.adoptStore ?? false, log });
  const work = new ScratchFolder(join(options.home, 'work'), { alone });
  const workFolder = opened.use(await work.claim()).path;
  return { store: new SealedStore(ownStore, keys), keyService, keys, workFolder };
}
