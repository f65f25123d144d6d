import { sql } from 'kysely';
import type { Database } from '../../data/database/database.ts';

/** The things of an account that have names, which are unique. */
type NamedTable = 'users' | 'roles' | 'policies';

/** Whether a name is taken: IAM does not tell names apart that differ in case alone. */
export async function isNameTaken(
  database: Database,
  table: NamedTable,
  { account, name }: { readonly account: string; readonly name: string },
): Promise<boolean> {
  const rows = database.selectFrom(table).select('name').where('account', '=', account);
  const row = rows.where(sql<string>`lower(name)`, '=', name.toLowerCase());
  return (await row.executeTakeFirst()) !== undefined;
}
