import { invalidInput } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { firstAccount } from './identifiers.ts';

/** Whether there is an account; the first one need not be made. */
export const hasAccount = async (database: Database, id: string): Promise<boolean> =>
  id === firstAccount ||
  (await database.selectFrom('accounts').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

/** @throws ServiceError InvalidInputException that says how to make it */
export async function requireAccount(database: Database, account: string): Promise<void> {
  if (await hasAccount(database, account)) return;
  throw invalidInput(
    `There is no account ${account}: make it with "openpersonalize access create-account --account ${account}".`,
  );
}
