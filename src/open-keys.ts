import { KeyRotations } from './access/keys/key-rotation.ts';
import { KeyStore } from './access/keys/key-store.ts';
import { KeyUpkeep } from './access/keys/key-upkeep.ts';
import { makeSecretKey } from './access/principals/secret-key.ts';
import { keyLocation } from './cli/locations.ts';
import type { ServerOptions } from './cli/options/server-options.ts';
import type { Family } from './control/family.ts';
import { keysFamily } from './control/keys/keys-family.ts';
import type { Database } from './data/database/database.ts';
import type { DialectName } from './data/database/dialect.ts';
import type { Logger } from './util/logger.ts';

/** The keys of a server. */
export type ServerKeys = { readonly family: Family; stop(): Promise<void> };

type Parts = {
  readonly database: Database;
  readonly dialect: DialectName;
  readonly log: Pick<Logger, 'info' | 'error'>;
};

/** Opens the local key store, and has keys be rotated and deleted at their time. */
export function openKeys(options: ServerOptions, { database, dialect, log }: Parts): ServerKeys {
  const parts = { database, dialect, secretKey: () => makeSecretKey(keyLocation(options)), now: () => Date.now() };
  const upkeep = new KeyUpkeep({
    store: new KeyStore(parts),
    rotations: new KeyRotations(parts),
    onDone: (what, keys) => log.info({ keys }, `Keys were ${what} at their time.`),
    onError: (error) => log.error({ err: error }, 'Keys could not be rotated or deleted at their time.'),
  });
  upkeep.start();
  return { family: keysFamily(parts), stop: () => upkeep.stop() };
}
