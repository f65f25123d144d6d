import { keyArn } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import type { KeyRow } from '../../data/database/tables.ts';
import { aliasNotFound, invalidKeyId, keyDisabled, keyNotFound, pendingDeletion } from './key-errors.ts';
import { type KeyReference, type KeyScope, readKeyReference } from './key-reference.ts';

/** A key of the local store. */
export type Key = KeyRow & { readonly arn: string };

/** The key of an id, of any account; undefined if there is none, or if its time has come. */
export async function findKeyById(database: Database, id: string, now: number): Promise<Key | undefined> {
  const row = await database.selectFrom('kms_keys').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || (row.delete_at !== null && row.delete_at <= now)) return undefined;
  return asKey(row);
}

/** A key as it is known outside. */
export const asKey = (row: KeyRow): Key => ({ ...row, arn: keyArn(row, row.id) });

/** The key that a reference names. @throws ServiceError NotFoundException */
export async function findKey(database: Database, reference: KeyReference, now: number): Promise<Key> {
  const key = await findKeyIfThere(database, reference, now);
  if (key) return key;
  throw reference.kind === 'alias' ? aliasNotFound(reference.arn) : keyNotFound(reference.arn);
}

/** Undefined where a reference names no key. */
export async function findKeyIfThere(
  database: Database,
  reference: KeyReference,
  now: number,
): Promise<Key | undefined> {
  const id = reference.kind === 'key' ? reference.id : await targetOf(database, reference);
  const key = id === undefined ? undefined : await findKeyById(database, id, now);
  // The id alone is not enough: an ARN names an account and a region, too.
  return reference.kind === 'alias' || key?.arn === reference.arn ? key : undefined;
}

async function targetOf(database: Database, { account, region, name }: KeyScope & { name: string }) {
  const aliases = database.selectFrom('kms_aliases').select('key_id').where('account', '=', account);
  const row = await aliases.where('region', '=', region).where('name', '=', name).executeTakeFirst();
  return row?.key_id;
}

/** The key of a KeyId that must name the key itself, not an alias. @throws ServiceError NotFoundException */
export async function findOwnKey(database: Database, keyId: string, scope: KeyScope, now: number): Promise<Key> {
  const reference = readKeyReference(keyId, scope);
  if (reference.kind === 'alias') throw invalidKeyId(keyId);
  const key = await findKey(database, reference, now);
  if (key.account !== scope.account) throw keyNotFound(key.arn);
  return key;
}

/** @throws ServiceError KMSInvalidStateException if the key is pending deletion */
export function requireKept(key: Key): void {
  if (key.state === 'PendingDeletion') throw pendingDeletion(key.arn);
}

/** @throws ServiceError DisabledException, or KMSInvalidStateException if the key is pending deletion */
export function requireEnabled(key: Key): void {
  requireKept(key);
  if (key.state === 'Disabled') throw keyDisabled(key.arn);
}
