import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { KeyGrantRow } from '../../data/database/tables.ts';
import type { AwsRequester } from '../policies/requester.ts';
import { rootArn } from '../principals/identifiers.ts';
import { findOwnKey, type Key, requireEnabled } from './key-lookup.ts';
import type { KeyScope } from './key-reference.ts';
import type { KeyCaller } from './key-store.ts';
import { changeKeys, type KeyParts } from './keys-change.ts';

type Context = Readonly<Record<string, string>>;

/** What the encryption context must be, or have in it. */
export type GrantConstraints = {
  readonly EncryptionContextSubset?: Context | undefined;
  readonly EncryptionContextEquals?: Context | undefined;
};

export type KeyGrant = {
  readonly id: string;
  readonly grantee: string;
  readonly retirer?: string | undefined;
  readonly issuer: string;
  readonly name?: string | undefined;
  readonly operations: readonly string[];
  readonly constraints?: GrantConstraints | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

export type NewGrant = Pick<KeyGrant, 'grantee' | 'retirer' | 'name' | 'operations' | 'constraints'>;

/** What somebody may do with a key besides what its policy says. Its methods throw ServiceErrors of KMS. */
export class KeyGrants {
  readonly #parts: KeyParts;

  constructor(parts: KeyParts) {
    this.#parts = parts;
  }

  /** The same grant with the same name again is the one that is there. @returns its id */
  async create(keyId: string, caller: KeyCaller, wanted: NewGrant): Promise<string> {
    return await changeKeys(this.#parts, caller.account, async (trx, now) => {
      const key = await findOwnKey(trx, keyId, caller, now);
      requireEnabled(key);
      const same = (await grantsOf(trx, key.id)).find((grant) => grant.name !== undefined && isSame(grant, wanted));
      if (same) return same.id;
      const { grantee, retirer = null, name = null, operations, constraints } = wanted;
      const row: KeyGrantRow = {
        ...{ id: randomBytes(32).toString('hex'), key_id: key.id, grantee, retirer, name, created_at: now },
        issuer: caller.principal?.arn ?? rootArn(caller.account),
        operations: JSON.stringify(operations),
        constraints: constraints === undefined ? null : JSON.stringify(constraints),
      };
      await trx.insertInto('kms_grants').values(row).execute();
      return row.id;
    });
  }

  /** By id. */
  async list(keyId: string, scope: KeyScope): Promise<KeyGrant[]> {
    const { database, now } = this.#parts;
    const key = await findOwnKey(database, keyId, scope, now());
    return await grantsOf(database, key.id);
  }

  async revoke(keyId: string, scope: KeyScope, grantId: string): Promise<void> {
    await changeKeys(this.#parts, scope.account, async (trx, now) => {
      const key = await findOwnKey(trx, keyId, scope, now);
      const row = trx.deleteFrom('kms_grants').where('id', '=', grantId).where('key_id', '=', key.id);
      const { numDeletedRows } = await row.executeTakeFirst();
      if (numDeletedRows === 0n) throw new ServiceError('NotFoundException', `Grant ID ${grantId} not found`);
    });
  }
}

type AskedUse = {
  readonly key: Key;
  readonly requester: AwsRequester;
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  readonly context: Context;
};

/** Whether a grant allows a use. */
export async function grantsUse(
  database: Database,
  { key, requester: { arn, roleArn }, action, context }: AskedUse,
): Promise<boolean> {
  const operation = action.replace('kms:', '');
  return (await grantsOf(database, key.id)).some(
    ({ grantee, operations, constraints }) =>
      (grantee === arn || grantee === roleArn) && operations.includes(operation) && meets(context, constraints),
  );
}

async function grantsOf(database: Database, keyId: string): Promise<KeyGrant[]> {
  const rows = database.selectFrom('kms_grants').selectAll().where('key_id', '=', keyId).orderBy('id');
  return (await rows.execute()).map(({ id, grantee, retirer, issuer, name, operations, constraints, created_at }) => ({
    ...{ id, grantee, issuer, createdAt: created_at },
    retirer: retirer ?? undefined,
    name: name ?? undefined,
    operations: JSON.parse(operations),
    constraints: constraints === null ? undefined : JSON.parse(constraints),
  }));
}

function meets(context: Context, { EncryptionContextSubset, EncryptionContextEquals }: GrantConstraints = {}): boolean {
  const has = (wanted: Context) => Object.entries(wanted).every(([name, value]) => context[name] === value);
  if (EncryptionContextSubset && !has(EncryptionContextSubset)) return false;
  if (!EncryptionContextEquals) return true;
  return Object.keys(context).length === Object.keys(EncryptionContextEquals).length && has(EncryptionContextEquals);
}

const factsOf = ({ grantee, retirer, name, operations, constraints }: NewGrant) =>
  JSON.stringify([grantee, retirer, name, [...operations].sort(), constraints]);

const isSame = (one: NewGrant, other: NewGrant) => factsOf(one) === factsOf(other);
