import { sql, type Transaction } from 'kysely';
import type { Database } from '../../data/database/database.ts';
import type { Tables } from '../../data/database/tables.ts';
import { changedKey } from './principals.ts';

/** Runs work in a transaction that tells every node that principals or policies have changed. */
export type PrincipalsChange = <T>(work: (trx: Transaction<Tables>, now: number) => Promise<T>) => Promise<T>;

type ChangeParts = {
  readonly database: Database;
  readonly now: () => number;
  /** Runs after each change. */
  readonly onChange?: () => Promise<void>;
};

export const principalsChange =
  ({ database, now, onChange }: ChangeParts): PrincipalsChange =>
  async (work) => {
    const result = await database.transaction().execute(async (trx) => {
      // First, as it holds off other changes until this one is committed.
      await trx
        .insertInto('meta')
        .values({ key: changedKey, value: '1' })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({ value: sql`cast(cast(meta.value as integer) + 1 as text)` }),
        )
        .execute();
      return await work(trx, now());
    });
    await onChange?.();
    return result;
  };
