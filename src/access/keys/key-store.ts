import { randomUUID } from 'node:crypto';
import type { ExpressionBuilder } from 'kysely';
import { keyArn } from '../../contract/arn.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { KeyRow, Tables } from '../../data/database/tables.ts';
import type { Principal } from '../principal.ts';
import type { SecretKey } from '../principals/secret-key.ts';
import { defaultKeyPolicy } from './default-policy.ts';
import { asKey, findKey, findOwnKey, type Key, requireKept } from './key-lookup.ts';
import { keyRequester, requireKeyPolicy } from './key-policy.ts';
import { type KeyScope, readKeyReference } from './key-reference.ts';
import { addKeyTags, type KeyTag, readKeyTags, removeKeyTags } from './key-tags.ts';
import { addVersion } from './key-versions.ts';
import { changeKeys, type KeyParts } from './keys-change.ts';

export type KeyStoreParts = KeyParts & {
  /** What keys are sealed with, made where there is none. */
  readonly secretKey: () => Promise<SecretKey>;
};

/** Who changes keys, and where. */
export type KeyCaller = KeyScope & { readonly principal?: Principal | undefined };

export type NewKey = {
  readonly description?: string | undefined;
  /** A document; the account's policies say who may use the key if it is absent. */
  readonly policy?: string | undefined;
  /** The policy may lock out the caller. */
  readonly bypassCheck?: boolean | undefined;
  readonly tags?: readonly KeyTag[] | undefined;
};

const dayMs = 86_400_000;

/**
 * The keys of accounts in the database: what is there, and in which state. KeyIds are ids or ARNs. Its methods throw
 * ServiceErrors with the words of AWS KMS.
 */
export class KeyStore {
  readonly #parts: KeyStoreParts;

  constructor(parts: KeyStoreParts) {
    this.#parts = parts;
  }

  async create(caller: KeyCaller, { description = '', tags = [], ...more }: NewKey): Promise<Key> {
    const { account, region } = caller;
    const secretKey = await this.#parts.secretKey();
    const id = randomUUID();
    const arn = keyArn(caller, id);
    const policy = more.policy ?? defaultKeyPolicy(account);
    if (more.policy !== undefined) this.#requirePolicy(caller, arn, policy, more.bypassCheck);
    return await changeKeys(this.#parts, account, async (trx, now) => {
      const times = { created_at: now, delete_at: null, rotation_days: null, rotate_at: null };
      const row: KeyRow = { id, account, region, description, state: 'Enabled', policy, version: 1, ...times };
      await trx.insertInto('kms_keys').values(row).execute();
      await addVersion(trx, secretKey, { key_id: id, version: 1, rotation: null, now });
      await addKeyTags(trx, id, tags);
      return asKey(row);
    });
  }

  /** @param keyId also the name or ARN of an alias, and a key of another account by its ARN */
  async find(keyId: string, scope: KeyScope): Promise<Key> {
    return await findKey(this.#parts.database, readKeyReference(keyId, scope), this.#parts.now());
  }

  /** Those after an id, at most so many; in the order of ids. */
  async list({ account, region }: KeyScope, { after = '', limit }: { after?: string; limit: number }): Promise<Key[]> {
    const rows = await this.#parts.database
      .selectFrom('kms_keys')
      .selectAll()
      .where('account', '=', account)
      .where('region', '=', region)
      .where('id', '>', after)
      .where(this.#isThere)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(asKey);
  }

  /** Those of all accounts and regions, the oldest first. */
  async listAll(): Promise<Key[]> {
    const rows = this.#parts.database.selectFrom('kms_keys').selectAll().where(this.#isThere);
    return (await rows.orderBy('created_at').orderBy('id').execute()).map(asKey);
  }

  /** A key that is disabled encrypts and decrypts nothing. */
  async setEnabled(keyId: string, scope: KeyScope, isEnabled: boolean): Promise<void> {
    await this.#update(keyId, scope, (key) => {
      requireKept(key);
      return { state: isEnabled ? 'Enabled' : 'Disabled' };
    });
  }

  async describe(keyId: string, scope: KeyScope, description: string): Promise<void> {
    await this.#update(keyId, scope, (key) => {
      requireKept(key);
      return { description };
    });
  }

  async setPolicy(
    keyId: string,
    caller: KeyCaller,
    { policy, bypassCheck }: { readonly policy: string; readonly bypassCheck?: boolean | undefined },
  ): Promise<void> {
    await this.#update(keyId, caller, ({ arn }) => {
      this.#requirePolicy(caller, arn, policy, bypassCheck);
      return { policy };
    });
  }

  /** Has a key be gone after so many days. Until then it works no more, and can be had back. @returns the key */
  async scheduleDeletion(keyId: string, scope: KeyScope, days: number): Promise<Key> {
    return await this.#update(keyId, scope, (key, now) => {
      requireKept(key);
      return { state: 'PendingDeletion', delete_at: now + days * dayMs };
    });
  }

  /** The key is disabled then. @returns its ARN */
  async cancelDeletion(keyId: string, scope: KeyScope): Promise<string> {
    const { arn } = await this.#update(keyId, scope, ({ state, arn }) => {
      if (state === 'PendingDeletion') return { state: 'Disabled', delete_at: null };
      throw new ServiceError('KMSInvalidStateException', `${arn} is not pending deletion.`);
    });
    return arn;
  }

  async tags(keyId: string, scope: KeyScope): Promise<KeyTag[]> {
    const { database, now } = this.#parts;
    const { id } = await findOwnKey(database, keyId, scope, now());
    return await readKeyTags(database, id);
  }

  async tag(keyId: string, scope: KeyScope, tags: readonly KeyTag[]): Promise<void> {
    await this.#changeKept(keyId, scope, (trx, { id }) => addKeyTags(trx, id, tags));
  }

  async untag(keyId: string, scope: KeyScope, keys: readonly string[]): Promise<void> {
    await this.#changeKept(keyId, scope, (trx, { id }) => removeKeyTags(trx, id, keys));
  }

  /**
   * Removes keys whose time has come, with all that is theirs: what they have encrypted can never be read again.
   *
   * @returns the ARNs of those that this call has removed
   */
  async removeDue(): Promise<readonly string[]> {
    const { database, now } = this.#parts;
    const due = await database.selectFrom('kms_keys').selectAll().where('delete_at', '<=', now()).execute();
    const removed: string[] = [];
    for (const key of due.map(asKey)) {
      const isDone = await changeKeys(this.#parts, key.account, (trx, now) => removeKey(trx, key, now));
      if (isDone) removed.push(key.arn);
    }
    return removed;
  }

  readonly #isThere = (where: ExpressionBuilder<Tables, 'kms_keys'>) =>
    where.or([where('delete_at', 'is', null), where('delete_at', '>', this.#parts.now())]);

  #requirePolicy(caller: KeyCaller, arn: string, document: string, bypassCheck = false): void {
    requireKeyPolicy({ document, keyArn: arn, requester: keyRequester(caller.account, caller.principal), bypassCheck });
  }

  async #changeKept(keyId: string, scope: KeyScope, work: (trx: Database, key: Key) => Promise<void>): Promise<void> {
    await changeKeys(this.#parts, scope.account, async (trx, now) => {
      const key = await findOwnKey(trx, keyId, scope, now);
      requireKept(key);
      await work(trx, key);
    });
  }

  async #update(keyId: string, scope: KeyScope, change: (key: Key, now: number) => Partial<KeyRow>): Promise<Key> {
    return await changeKeys(this.#parts, scope.account, async (trx, now) => {
      const key = await findOwnKey(trx, keyId, scope, now);
      const changed = change(key, now);
      await trx.updateTable('kms_keys').set(changed).where('id', '=', key.id).execute();
      return { ...key, ...changed };
    });
  }
}

/** @returns false if another node has removed it, or somebody had it back, since it was found due */
async function removeKey(trx: Database, { id }: Key, now: number): Promise<boolean> {
  const removed = await trx
    .deleteFrom('kms_keys')
    .where('id', '=', id)
    .where('delete_at', '<=', now)
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) return false;
  for (const table of ['kms_key_versions', 'kms_aliases', 'kms_tags', 'kms_grants'] as const) {
    await trx.deleteFrom(table).where('key_id', '=', id).execute();
  }
  return true;
}
