import { AuditedDataKeys } from '../access/keys/audited-data-keys.ts';
import { EndpointDataKeys } from '../access/keys/endpoint-data-keys.ts';
import { KeyCipher } from '../access/keys/key-cipher.ts';
import { KeyRotations } from '../access/keys/key-rotation.ts';
import { KeyStore } from '../access/keys/key-store.ts';
import { KeyUpkeep } from '../access/keys/key-upkeep.ts';
import { keyUseRefusal, roleUseRefusal } from '../access/keys/key-use-refusal.ts';
import { LocalDataKeys } from '../access/keys/local-data-keys.ts';
import { databaseKey } from '../access/principals/database-key.ts';
import { readSecretKey } from '../access/principals/secret-key.ts';
import { keyLocation } from '../cli/locations.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { Family } from '../control/family.ts';
import { keysFamily } from '../control/keys/keys-family.ts';
import type { Database } from '../data/database/database.ts';
import type { DialectName } from '../data/database/dialect.ts';
import type { DataKeys } from '../data/encryption/data-keys.ts';
import type { Logger } from '../util/logger.ts';
import type { ServerTrail } from './trail.ts';

/** The keys of a server. */
export type ServerKeys = {
  /** What clients do with keys of the local key store. */
  readonly family: Family;
  /** The keys that dataset groups may name. */
  readonly dataKeys: DataKeys;
  /** To be started in one process of a server. */
  readonly upkeep: KeyUpkeep;
  stop(): Promise<void>;
};

type Parts = {
  readonly database: Database;
  readonly dialect: DialectName;
  /** Whether signatures are verified. */
  readonly verifies: boolean;
  /** Undefined where nothing is recorded. */
  readonly trail: Pick<ServerTrail, 'add'> | undefined;
  readonly log: Pick<Logger, 'info' | 'error'>;
};

/** Opens the local key store or the way to another key service. */
export function openKeys(options: ServerOptions, { database, dialect, verifies, trail, log }: Parts): ServerKeys {
  const now = () => Date.now();
  const parts = { database, dialect, secretKey: () => databaseKey(database, keyLocation(options)), now };
  const cipher = new KeyCipher({ database, secretKey: () => readSecretKey(keyLocation(options)), now });
  const upkeep = new KeyUpkeep({
    store: new KeyStore(parts),
    rotations: new KeyRotations(parts),
    onDone: (what, keys) => log.info({ keys }, `Keys were ${what} at their time.`),
    onError: (error) => log.error({ err: error }, 'Keys could not be rotated or deleted at their time.'),
  });
  const { kmsEndpoint: endpoint } = options;
  const asked = { database, now, verifies };
  const remote =
    endpoint === undefined ? undefined : new EndpointDataKeys({ endpoint, refusalOf: roleUseRefusal(asked) });
  const service = remote ?? new LocalDataKeys({ database, now, cipher, refusalOf: keyUseRefusal(asked) });
  return {
    upkeep,
    family: keysFamily({ ...parts, cipher }),
    dataKeys: trail ? new AuditedDataKeys({ service, database, now, add: trail.add }) : service,
    async stop() {
      await upkeep.stop();
      await remote?.close();
    },
  };
}
