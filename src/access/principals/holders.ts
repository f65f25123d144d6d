import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { roleArn, userArn } from './identifiers.ts';

/** A user or a role of an account by its name: either has policies, tags and a permissions boundary. */
export type HolderName =
  | { readonly account: string; readonly user: string; readonly role?: undefined }
  | { readonly account: string; readonly role: string; readonly user?: undefined };

export type Holder = {
  readonly table: 'users' | 'roles';
  /** Never given twice, unlike the name: `AIDA…` of a user, `AROA…` of a role. */
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  /** ARN of its permissions boundary. */
  readonly boundary: string | null;
};

/** The holder of a name. @throws ServiceError ResourceNotFoundException */
export async function findHolder(database: Database, of: HolderName): Promise<Holder> {
  const { table, name, arnOf } = whereToFind(of);
  const row = await rowOf(database, of);
  if (!row) throw resourceNotFound(arnOf(of.account, name));
  const { id, path, boundary } = row;
  return { table, id, account: of.account, name, arn: arnOf(of.account, name, path), boundary };
}

/** The ARN of a name; that of a holder which is not there has the path `/`. */
export async function holderArn(database: Database, of: HolderName): Promise<string> {
  const { name, arnOf } = whereToFind(of);
  return arnOf(of.account, name, (await rowOf(database, of))?.path);
}

/** The user or role of an ARN, if it is there. */
export async function holderOfArn(database: Database, arn: string): Promise<Holder | undefined> {
  const [, account, kind, name] = /^arn:aws:iam::(\d{12}):(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (account === undefined || name === undefined) return undefined;
  const of = kind === 'user' ? { account, user: name } : { account, role: name };
  const row = await rowOf(database, of);
  const { table, arnOf } = whereToFind(of);
  if (!row || arnOf(account, name, row.path) !== arn) return undefined;
  return { table, id: row.id, account, name, arn, boundary: row.boundary };
}

const whereToFind = ({ user, role }: HolderName) =>
  user === undefined
    ? ({ table: 'roles', name: role, arnOf: roleArn } as const)
    : ({ table: 'users', name: user, arnOf: userArn } as const);

const rowOf = async (database: Database, of: HolderName) => {
  const { table, name } = whereToFind(of);
  const rows = database.selectFrom(table).select(['id', 'path', 'boundary']).where('account', '=', of.account);
  return await rows.where('name', '=', name).executeTakeFirst();
};

type Named = {
  readonly account: string;
  readonly user?: string | undefined;
  readonly role?: string | undefined;
};

/** The holder that an input names, if it does. @throws ServiceError InvalidInputException if it names two */
export function holderNameIn({ account, user, role }: Named): HolderName | undefined {
  if (user !== undefined && role !== undefined) throw invalidInput('Name a user or a role, not both.');
  if (user !== undefined) return { account, user };
  return role === undefined ? undefined : { account, role };
}

/** As `holderNameIn`. @throws ServiceError InvalidInputException if it names none */
export function requireHolderName(named: Named): HolderName {
  const found = holderNameIn(named);
  if (found === undefined) throw invalidInput('Name a user or a role.');
  return found;
}
