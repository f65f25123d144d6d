import type { Selectable } from 'kysely';
import type { Database } from '../../data/database/database.ts';
import type { UserRow } from '../../data/database/tables.ts';
import { findHolder } from './holders.ts';
import { userArn } from './identifiers.ts';
import { readTags, type Tag } from './principal-tags.ts';

/** A user of an account. */
export type User = {
  readonly arn: string;
  /** Never given twice, unlike the name: `AIDA…`. */
  readonly id: string;
  readonly name: string;
  /** `/`, or such as `/team/`: a part of the ARN. */
  readonly path: string;
  /** ARN of the policy that limits what its policies can allow. */
  readonly boundary?: string | undefined;
  readonly tags: readonly Tag[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

/** @throws ServiceError ResourceNotFoundException */
export async function readUser(database: Database, of: { account: string; user: string }): Promise<User> {
  const { id } = await findHolder(database, of);
  const row = await database.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  return userOf(row, (await readTags(database, id)).get(id));
}

/** The users of an account by name. @param pathPrefix such as `/team/` */
export async function listUsers(database: Database, account: string, pathPrefix = '/'): Promise<User[]> {
  const rows = database.selectFrom('users').selectAll().where('account', '=', account).orderBy('name');
  return (await rows.execute()).filter(({ path }) => path.startsWith(pathPrefix)).map((row) => userOf(row));
}

const userOf = (
  { id, account, name, path, boundary, created_at }: Selectable<UserRow>,
  tags: readonly Tag[] = [],
): User => ({
  arn: userArn(account, name, path),
  id,
  name,
  path,
  boundary: boundary ?? undefined,
  tags,
  createdAt: created_at,
});

/** The access keys of a user, or of the account's root, oldest first. */
export async function listKeys(database: Database, { account, user }: { account: string; user: string | undefined }) {
  const id = user === undefined ? null : (await findHolder(database, { account, user })).id;
  const rows = database.selectFrom('access_keys').selectAll().where('account', '=', account);
  const own = id === null ? rows.where('user_id', 'is', null) : rows.where('user_id', '=', id);
  return (await own.orderBy('created_at').execute()).map((row) => ({
    accessKeyId: row.id,
    status: row.status,
    createdAt: row.created_at,
  }));
}
