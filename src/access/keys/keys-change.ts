import type { Database } from '../../data/database/database.ts';
import { type DialectName, lockAccount } from '../../data/database/dialect.ts';

export type KeyParts = {
  readonly database: Database;
  readonly dialect: DialectName;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * Runs work on the keys of an account in a transaction, one at a time on all nodes. Keys are held in no memory, so that
 * every node goes by a change as soon as it is committed.
 */
export const changeKeys = async <T>(
  { database, dialect, now }: KeyParts,
  account: string,
  work: (trx: Database, now: number) => Promise<T>,
): Promise<T> =>
  await database.transaction().execute(async (trx) => {
    await lockAccount(trx, dialect, account);
    return await work(trx, now());
  });
