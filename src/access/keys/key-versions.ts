import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { KeyVersionRow } from '../../data/database/tables.ts';
import { keyIdOf, type SecretKey } from '../principals/secret-key.ts';

const keyBytes = 32;

/** What a version of a key is sealed for: it can be put in no other's place. */
const ownerOf = (keyId: string, version: number) => `key ${keyId} version ${version}`;

type NewVersion = Pick<KeyVersionRow, 'key_id' | 'version' | 'rotation'> & { readonly now: number };

/**
 * Makes a version of a key, sealed with the key that the server has in a file.
 *
 * @throws ServiceError KMSInternalException with a sentence if others are sealed with another one
 */
export async function addVersion(trx: Database, secretKey: SecretKey, { now, ...version }: NewVersion): Promise<void> {
  const other = await trx.selectFrom('kms_key_versions').select('sealed_key').limit(1).executeTakeFirst();
  if (other && keyIdOf(other.sealed_key) !== secretKey.id) throw sealedWithAnother(false);
  const sealed_key = secretKey.seal(randomBytes(keyBytes).toString('base64'), ownerOf(version.key_id, version.version));
  const material_id = randomBytes(keyBytes).toString('hex');
  await trx
    .insertInto('kms_key_versions')
    .values({ ...version, material_id, sealed_key, created_at: now })
    .execute();
}

/** A version of a key that can be used: 32 bytes, and the name by which clients know them. */
export type KeyVersion = { readonly bytes: Buffer; readonly materialId: string };

/** Undefined if there is no such version. @throws ServiceError KMSInternalException with a sentence if it is sealed */
export async function openVersion(
  database: Database,
  secretKey: SecretKey | undefined,
  { keyId, version }: { readonly keyId: string; readonly version: number },
): Promise<KeyVersion | undefined> {
  const versions = database.selectFrom('kms_key_versions').selectAll().where('key_id', '=', keyId);
  const row = await versions.where('version', '=', version).executeTakeFirst();
  if (!row) return undefined;
  if (secretKey?.id !== keyIdOf(row.sealed_key)) {
    throw sealedWithAnother(secretKey === undefined);
  }
  const bytes = Buffer.from(secretKey.open(row.sealed_key, ownerOf(keyId, version)), 'base64');
  return { bytes, materialId: row.material_id };
}

const sealedWithAnother = (isMissing: boolean) =>
  new ServiceError(
    'KMSInternalException',
    `The keys in the database are encrypted with ${isMissing ? 'a key that is not here' : 'another key'}: put ` +
      'openpersonalize.key of the home in which they were made into this home, or name it with --key-file.',
  );
