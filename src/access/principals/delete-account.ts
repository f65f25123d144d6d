import { keyArn } from '../../contract/arn.ts';
import { invalidInput, resourceInUse, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { type DialectName, lockAccount } from '../../data/database/dialect.ts';
import { forgetHolder } from '../authorisation/policy-store.ts';
import { hasAccount } from './accounts.ts';
import { firstAccount, rootArn } from './identifiers.ts';
import type { PrincipalsChange } from './principals-change.ts';

type DeletionParts = { readonly change: PrincipalsChange; readonly dialect: DialectName };

/** So many of what is left are named. */
const named = 5;

/**
 * Deletes an account with its users, roles, access keys, policies and issuers, which ends all of their credentials. One
 * that still has resources or keys is refused: to delete those takes time, and is for the account itself to ask for.
 *
 * @throws ServiceError ResourceInUseException that names what is left
 */
export async function deleteAccount({ change, dialect }: DeletionParts, account: string): Promise<void> {
  if (account === firstAccount) {
    throw invalidInput(`${account} is the account of every server, and stays: delete its users and access keys.`);
  }
  await change(async (trx) => {
    // Nothing is created meanwhile.
    await lockAccount(trx, dialect, account);
    if (!(await hasAccount(trx, account))) throw resourceNotFound(rootArn(account));
    await requireBare(trx, account);
    for (const table of ['users', 'roles'] as const) {
      const holders = await trx.selectFrom(table).select('id').where('account', '=', account).execute();
      for (const { id } of holders) await forgetHolder(trx, id);
    }
    const policies = trx.selectFrom('policies').select('arn').where('account', '=', account);
    await trx.deleteFrom('policy_versions').where('arn', 'in', policies).execute();
    for (const table of ['access_keys', 'users', 'roles', 'policies', 'oidc_providers'] as const) {
      await trx.deleteFrom(table).where('account', '=', account).execute();
    }
    await trx.deleteFrom('accounts').where('id', '=', account).execute();
  });
}

async function requireBare(trx: Database, account: string): Promise<void> {
  const rows = trx.selectFrom('resources').select('arn').where('account', '=', account).orderBy('sequence', 'desc');
  const keys = trx.selectFrom('kms_keys').select(['id', 'account', 'region']).where('account', '=', account);
  const left = [
    ...(await rows.limit(named + 1).execute()).map(({ arn }) => arn),
    ...(await keys.limit(named + 1).execute()).map((row) => keyArn(row, row.id)),
  ];
  if (left.length === 0) return;
  const listed = `${left.slice(0, named).join(', ')}${left.length > named ? ' and more' : ''}`;
  throw resourceInUse(`Account ${account} still has resources: delete them first. There are ${listed}.`);
}
