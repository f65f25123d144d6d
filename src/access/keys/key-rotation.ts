import { limitExceeded } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { KeyVersionRow } from '../../data/database/tables.ts';
import type { SecretKey } from '../principals/secret-key.ts';
import { asKey, findOwnKey, type Key, requireEnabled } from './key-lookup.ts';
import type { KeyScope } from './key-reference.ts';
import type { KeyStoreParts } from './key-store.ts';
import { addVersion } from './key-versions.ts';
import { changeKeys } from './keys-change.ts';

const dayMs = 86_400_000;

/** As in AWS KMS. */
const defaultDays = 365;
const mostOnDemand = 25;

/** A version of a key without the key. */
export type KeyRotation = Omit<KeyVersionRow, 'sealed_key'>;

/**
 * Rotation of keys: a new version encrypts from then on, and every former one goes on to decrypt what it has encrypted.
 * Its methods throw ServiceErrors with the words of AWS KMS.
 */
export class KeyRotations {
  readonly #parts: KeyStoreParts;

  constructor(parts: KeyStoreParts) {
    this.#parts = parts;
  }

  /** Has a key be rotated by itself. @param days from 90 to 2560 */
  async enable(keyId: string, scope: KeyScope, days = defaultDays): Promise<void> {
    await this.#changeEnabled(keyId, scope, async (trx, { id }, now) => {
      const rotation = { rotation_days: days, rotate_at: now + days * dayMs };
      await trx.updateTable('kms_keys').set(rotation).where('id', '=', id).execute();
    });
  }

  async disable(keyId: string, scope: KeyScope): Promise<void> {
    await this.#changeEnabled(keyId, scope, async (trx, { id }) => {
      const rotation = { rotation_days: null, rotate_at: null };
      await trx.updateTable('kms_keys').set(rotation).where('id', '=', id).execute();
    });
  }

  /** Rotates a key now. @returns its ARN */
  async rotate(keyId: string, scope: KeyScope): Promise<string> {
    const secretKey = await this.#parts.secretKey();
    return await this.#changeEnabled(keyId, scope, async (trx, key, now) => {
      const made = await versionsOf(trx, key.id);
      if (made.filter(({ rotation }) => rotation === 'ON_DEMAND').length >= mostOnDemand) {
        throw limitExceeded(`${key.arn} was rotated on demand ${mostOnDemand} times, and can be so no more.`);
      }
      await rotateKey(trx, secretKey, key, { rotation: 'ON_DEMAND', now });
      return key.arn;
    });
  }

  /** All versions of a key, the oldest first. */
  async list(keyId: string, scope: KeyScope): Promise<KeyRotation[]> {
    const { database, now } = this.#parts;
    return await versionsOf(database, (await findOwnKey(database, keyId, scope, now())).id);
  }

  /**
   * Rotates the keys whose time has come. A disabled key waits until it is enabled.
   *
   * @returns the ARNs of those that this call has rotated
   */
  async rotateDue(): Promise<readonly string[]> {
    const { database, now } = this.#parts;
    const due = database.selectFrom('kms_keys').selectAll().where('rotate_at', '<=', now());
    const rows = await due.where('state', '=', 'Enabled').execute();
    if (rows.length === 0) return [];
    const secretKey = await this.#parts.secretKey();
    const rotated: string[] = [];
    for (const key of rows.map(asKey)) {
      const isDone = await changeKeys(this.#parts, key.account, (trx, now) => rotateDueKey(trx, secretKey, key, now));
      if (isDone) rotated.push(key.arn);
    }
    return rotated;
  }

  async #changeEnabled<T>(
    keyId: string,
    scope: KeyScope,
    work: (trx: Database, key: Key, now: number) => Promise<T>,
  ): Promise<T> {
    return await changeKeys(this.#parts, scope.account, async (trx, now) => {
      const key = await findOwnKey(trx, keyId, scope, now);
      requireEnabled(key);
      return await work(trx, key, now);
    });
  }
}

const versionsOf = async (database: Database, keyId: string): Promise<KeyRotation[]> =>
  await database
    .selectFrom('kms_key_versions')
    .select(['key_id', 'version', 'material_id', 'rotation', 'created_at'])
    .where('key_id', '=', keyId)
    .orderBy('version')
    .execute();

type Rotation = { readonly rotation: 'AUTOMATIC' | 'ON_DEMAND'; readonly now: number };

async function rotateKey(trx: Database, secretKey: SecretKey, { id, version }: Key, rotation: Rotation): Promise<void> {
  await addVersion(trx, secretKey, { key_id: id, version: version + 1, ...rotation });
  await trx
    .updateTable('kms_keys')
    .set({ version: version + 1 })
    .where('id', '=', id)
    .execute();
}

/** @returns false if another node has rotated it since it was found due */
async function rotateDueKey(trx: Database, secretKey: SecretKey, found: Key, now: number): Promise<boolean> {
  const row = await trx.selectFrom('kms_keys').selectAll().where('id', '=', found.id).executeTakeFirst();
  if (row?.state !== 'Enabled' || !row.rotation_days || !row.rotate_at || row.rotate_at > now) return false;
  await rotateKey(trx, secretKey, asKey(row), { rotation: 'AUTOMATIC', now });
  const rotate_at = now + row.rotation_days * dayMs;
  await trx.updateTable('kms_keys').set({ rotate_at }).where('id', '=', row.id).execute();
  return true;
}
