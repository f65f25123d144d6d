import { limitExceeded, resourceAlreadyExists, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { attachPolicy, forgetHolder, policyToAttach } from '../authorisation/policy-store.ts';
import { hasAccount, requireAccount } from './accounts.ts';
import { findHolder } from './holders.ts';
import { firstAccount, newAccessKeyId, newAccount, newSecret, newUserId, rootArn, userArn } from './identifiers.ts';
import { isNameTaken } from './names.ts';
import { requirePath } from './paths.ts';
import { addTagsTo, type Tag } from './principal-tags.ts';
import { principalOf } from './principals.ts';
import type { PrincipalsChange } from './principals-change.ts';
import type { SecretKey } from './secret-key.ts';
import { newSession, type TemporaryCredentials } from './sessions.ts';

type StoreParts = {
  readonly database: Database;
  /** What secrets are encrypted with, made where there is none. */
  readonly secretKey: () => Promise<SecretKey>;
  readonly change: PrincipalsChange;
};

type NewUser = {
  readonly account: string;
  readonly name: string;
  readonly path?: string | undefined;
  /** Those that the user has from the start, by name or ARN; without, it may do nothing. */
  readonly policies?: readonly string[] | undefined;
  /** The name or ARN of a policy. */
  readonly boundary?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
};

/** An access key as it is shown once. */
export type NewAccessKey = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly arn: string };

/** An account with its users and all of their access keys; times are milliseconds since the epoch. */
export type ListedAccount = {
  account: string;
  name: string;
  users: { arn: string; name: string; createdAt: number }[];
  /** `arn` says whose it is. */
  keys: { accessKeyId: string; arn: string; status: 'Active' | 'Inactive'; createdAt: number; expiresAt?: number }[];
};

/** Access keys that a user or an account's root has at most, as in AWS. */
const mostKeys = 2;

/**
 * Accounts, their users, and the access keys of both, in the database. Everything here is for those who run the server.
 * Its methods throw ServiceErrors with sentences for a person.
 */
export class PrincipalStore {
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  async createAccount({ account = newAccount(), name = '' }: { account?: string; name?: string }) {
    await this.#parts.change(async (trx, now) => {
      if (await hasAccount(trx, account)) throw resourceAlreadyExists(rootArn(account));
      await trx.insertInto('accounts').values({ id: account, name, created_at: now }).execute();
    });
    return { account };
  }

  async createUser({ account, name, path = '/', policies = [], tags = [], ...given }: NewUser) {
    requirePath(path);
    const arn = userArn(account, name, path);
    const id = newUserId();
    const createdAt = await this.#parts.change(async (trx, now) => {
      await requireAccount(trx, account);
      const boundary = given.boundary === undefined ? null : await policyToAttach(trx, account, given.boundary);
      if (await isNameTaken(trx, 'users', { account, name })) throw resourceAlreadyExists(arn);
      await trx.insertInto('users').values({ id, account, name, path, boundary, created_at: now }).execute();
      await addTagsTo(trx, id, tags);
      for (const policy of policies) await attachPolicy(trx, { holder: id, account, policy });
      return now;
    });
    return { arn, id, createdAt };
  }

  /** @param user the name of a user; the root of the account unless given */
  async createKey({ account, user }: { account: string; user?: string | undefined }): Promise<NewAccessKey> {
    const secretKey = await this.#parts.secretKey();
    return await this.#parts.change(async (trx, now) => {
      await requireAccount(trx, account);
      const owner = user === undefined ? undefined : await findHolder(trx, { account, user });
      return await insertKey(trx, secretKey, { account, owner, now });
    });
  }

  /**
   * Temporary credentials of a user, or of the account's root. They end by themselves; those of a user also when the
   * user is deleted.
   *
   * @param lastsMs from 15 minutes to 36 hours, as in AWS
   */
  async createSession({ account, user, lastsMs }: { account: string; user?: string | undefined; lastsMs: number }) {
    const secretKey = await this.#parts.secretKey();
    // A change, so that every node has the key by then, the first one too.
    return await this.#parts.change(async (trx, now) => {
      await requireAccount(trx, account);
      const owner = user === undefined ? undefined : await findHolder(trx, { account, user });
      const principal = { ...principalOf(account, owner), issuedAt: now };
      const credentials: TemporaryCredentials = newSession(secretKey, { principal, expiresAt: now + lastsMs });
      return { ...credentials, arn: principal.arn };
    });
  }

  /** Gives the holder of a key another one; the former ends after so long. */
  async rotateKey({ accessKeyId, graceMs }: { accessKeyId: string; graceMs: number }): Promise<NewAccessKey> {
    const secretKey = await this.#parts.secretKey();
    return await this.#parts.change(async (trx, now) => {
      const former = await trx.selectFrom('access_keys').selectAll().where('id', '=', accessKeyId).executeTakeFirst();
      if (!former) throw resourceNotFound(accessKeyId);
      const expires_at = Math.min(former.expires_at ?? Number.POSITIVE_INFINITY, now + graceMs);
      await trx.updateTable('access_keys').set({ expires_at }).where('id', '=', accessKeyId).execute();
      const { account, user_id: userId } = former;
      const owner = userId === null ? undefined : await userOf(trx, userId);
      return await insertKey(trx, secretKey, { account, owner, now });
    });
  }

  async setStatus({ accessKeyId, status }: { accessKeyId: string; status: 'Active' | 'Inactive' }): Promise<void> {
    await this.#parts.change(async (trx) => {
      const update = trx.updateTable('access_keys').set({ status }).where('id', '=', accessKeyId);
      if ((await update.executeTakeFirst()).numUpdatedRows === 0n) throw resourceNotFound(accessKeyId);
    });
  }

  async deleteKey(accessKeyId: string): Promise<void> {
    await this.#parts.change(async (trx) => {
      const deletion = trx.deleteFrom('access_keys').where('id', '=', accessKeyId);
      if ((await deletion.executeTakeFirst()).numDeletedRows === 0n) throw resourceNotFound(accessKeyId);
    });
  }

  /** The user's access keys and its policies go with it. */
  async deleteUser({ account, name }: { account: string; name: string }): Promise<void> {
    await this.#parts.change(async (trx) => {
      const { id } = await findHolder(trx, { account, user: name });
      await trx.deleteFrom('access_keys').where('user_id', '=', id).execute();
      await forgetHolder(trx, id);
      await trx.deleteFrom('users').where('id', '=', id).execute();
    });
  }

  /** All accounts, or one. */
  async list(account?: string): Promise<ListedAccount[]> {
    const { database } = this.#parts;
    const [rows, users, keys] = await Promise.all([
      database.selectFrom('accounts').selectAll().orderBy('created_at').execute(),
      database.selectFrom('users').selectAll().orderBy('name').execute(),
      database.selectFrom('access_keys').selectAll().orderBy('created_at').execute(),
    ]);
    const arns = new Map(users.map(({ id, account, name, path }) => [id, userArn(account, name, path)]));
    const known = rows.some(({ id }) => id === firstAccount) ? rows : [{ id: firstAccount, name: '' }, ...rows];
    const listed = account === undefined ? known : known.filter(({ id }) => id === account);
    return listed.map(({ id, name }) => ({
      account: id,
      name,
      users: users
        .filter((user) => user.account === id)
        .map((user) => ({ arn: arns.get(user.id) ?? '', name: user.name, createdAt: user.created_at })),
      keys: keys
        .filter((key) => key.account === id)
        .map((key) => ({
          accessKeyId: key.id,
          arn: key.user_id === null ? rootArn(id) : (arns.get(key.user_id) ?? ''),
          status: key.status,
          createdAt: key.created_at,
          ...(key.expires_at !== null && { expiresAt: key.expires_at }),
        })),
    }));
  }
}

async function userOf(trx: Database, id: string): Promise<KeyHolder> {
  const users = trx.selectFrom('users').select(['account', 'name', 'path']).where('id', '=', id);
  const { account, name, path } = await users.executeTakeFirstOrThrow();
  return { id, arn: userArn(account, name, path) };
}

type KeyHolder = { readonly id: string; readonly arn: string };

/** @property owner a user; undefined for the root of the account */
type NewKey = { readonly account: string; readonly owner: KeyHolder | undefined; readonly now: number };

async function insertKey(trx: Database, secretKey: SecretKey, { account, owner, now }: NewKey): Promise<NewAccessKey> {
  const [userId, arn] = owner ? [owner.id, owner.arn] : [null, rootArn(account)];
  const keys = await trx.selectFrom('access_keys').selectAll().where('account', '=', account).execute();
  const own = keys.filter((key) => key.user_id === userId && (key.expires_at ?? now + 1) > now);
  if (own.length >= mostKeys)
    throw limitExceeded(`${arn} has ${mostKeys} access keys, and may have no more: delete one.`);
  const [accessKeyId, secretAccessKey] = [newAccessKeyId(), newSecret()];
  const sealed_secret = secretKey.seal(secretAccessKey, accessKeyId);
  const times = { created_at: now, expires_at: null };
  await trx
    .insertInto('access_keys')
    .values({ id: accessKeyId, account, user_id: userId, status: 'Active', sealed_secret, ...times })
    .execute();
  return { accessKeyId, secretAccessKey, arn };
}
