import { keyAliasArn } from '../../contract/arn.ts';
import { limitExceeded, ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { KeyAliasRow } from '../../data/database/tables.ts';
import { aliasNotFound, invalidRequest } from './key-errors.ts';
import { findOwnKey, requireKept } from './key-lookup.ts';
import type { KeyScope } from './key-reference.ts';
import { changeKeys, type KeyParts } from './keys-change.ts';

/** A key has no more, as in AWS KMS. */
const mostAliases = 50;

export type KeyAlias = KeyAliasRow & { readonly arn: string };

/** Names of keys, each for one key of its account and region. Its methods throw ServiceErrors of KMS. */
export class KeyAliases {
  readonly #parts: KeyParts;

  constructor(parts: KeyParts) {
    this.#parts = parts;
  }

  /** @param keyId the id or ARN of a key */
  async create(name: string, keyId: string, scope: KeyScope): Promise<void> {
    requireName(name);
    await this.#change(scope, async (trx, now) => {
      const { account, region } = scope;
      if (await find(trx, name, scope)) throw alreadyExists(keyAliasArn(scope, name));
      const key_id = await targetOf(trx, keyId, { scope, now });
      const times = { created_at: now, updated_at: now };
      await trx
        .insertInto('kms_aliases')
        .values({ account, region, name, key_id, ...times })
        .execute();
    });
  }

  /** Has an alias stand for another key. */
  async update(name: string, keyId: string, scope: KeyScope): Promise<void> {
    requireName(name);
    await this.#change(scope, async (trx, now) => {
      if (!(await find(trx, name, scope))) throw aliasNotFound(keyAliasArn(scope, name));
      const changed = { key_id: await targetOf(trx, keyId, { scope, now }), updated_at: now };
      const row = trx.updateTable('kms_aliases').set(changed).where('account', '=', scope.account);
      await row.where('region', '=', scope.region).where('name', '=', name).execute();
    });
  }

  async delete(name: string, scope: KeyScope): Promise<void> {
    requireName(name);
    await this.#change(scope, async (trx) => {
      const row = trx.deleteFrom('kms_aliases').where('account', '=', scope.account).where('name', '=', name);
      const { numDeletedRows } = await row.where('region', '=', scope.region).executeTakeFirst();
      if (numDeletedRows === 0n) throw aliasNotFound(keyAliasArn(scope, name));
    });
  }

  /** Those after a name, at most so many, by name; of one key if its KeyId is given. */
  async list(
    scope: KeyScope,
    { keyId, after = '', limit }: { keyId?: string | undefined; after?: string; limit: number },
  ) {
    const { database, now } = this.#parts;
    const key = keyId === undefined ? undefined : await findOwnKey(database, keyId, scope, now());
    const rows = await database
      .selectFrom('kms_aliases')
      .selectAll()
      .where('account', '=', scope.account)
      .where('region', '=', scope.region)
      .where('name', '>', after)
      .$if(key !== undefined, (query) => query.where('key_id', '=', key?.id ?? ''))
      .orderBy('name')
      .limit(limit)
      .execute();
    return rows.map((row): KeyAlias => ({ ...row, arn: keyAliasArn(scope, row.name) }));
  }

  async #change(scope: KeyScope, work: (trx: Database, now: number) => Promise<void>): Promise<void> {
    await changeKeys(this.#parts, scope.account, work);
  }
}

/** @throws ServiceError ValidationException without `alias/`, InvalidAliasNameException for AWS's own */
function requireName(name: string): void {
  if (!/^alias\/[\w/-]+$/.test(name)) {
    throw invalidRequest(`Invalid alias ${name}: it is alias/ and letters, digits, - / _ after it.`);
  }
  if (name.startsWith('alias/aws/')) {
    throw new ServiceError('InvalidAliasNameException', `Aliases that begin with alias/aws/ are reserved: ${name}`);
  }
}

const find = async (trx: Database, name: string, { account, region }: KeyScope) =>
  await trx
    .selectFrom('kms_aliases')
    .select('name')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .executeTakeFirst();

/** The id of the key that an alias is to stand for. */
async function targetOf(
  trx: Database,
  keyId: string,
  { scope, now }: { readonly scope: KeyScope; readonly now: number },
): Promise<string> {
  const key = await findOwnKey(trx, keyId, scope, now);
  requireKept(key);
  const own = await trx.selectFrom('kms_aliases').select('name').where('key_id', '=', key.id).execute();
  if (own.length >= mostAliases) throw limitExceeded(`${key.arn} has ${mostAliases} aliases, and may have no more.`);
  return key.id;
}

const alreadyExists = (arn: string) =>
  new ServiceError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
