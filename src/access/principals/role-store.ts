import { invalidInput, resourceAlreadyExists, resourceInUse } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { RoleRow } from '../../data/database/tables.ts';
import {
  attachPolicy,
  forgetHolder,
  policyToAttach,
  readPolicies,
  requireDocument,
} from '../authorisation/policy-store.ts';
import { requireAccount } from './accounts.ts';
import { findHolder } from './holders.ts';
import { newRoleId, roleArn } from './identifiers.ts';
import { isNameTaken } from './names.ts';
import { requirePath } from './paths.ts';
import { addTagsTo, readTags, type Tag, tagsOfHolder } from './principal-tags.ts';
import type { PrincipalsChange } from './principals-change.ts';

/** A role of an account. */
export type Role = {
  readonly arn: string;
  /** Never given twice, unlike the name: `AROA…`. */
  readonly id: string;
  readonly account: string;
  readonly name: string;
  /** `/`, or such as `/service-role/`: a part of the ARN. */
  readonly path: string;
  readonly description: string;
  /** How long its temporary credentials last at most, from 3600 to 43200. */
  readonly maxSessionSeconds: number;
  /** Document that says who may assume it. */
  readonly trustPolicy: string;
  /** ARN of the policy that limits what its policies can allow. */
  readonly boundary?: string | undefined;
  readonly tags: readonly Tag[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

type RoleName = { readonly account: string; readonly name: string };

export type NewRole = RoleName & {
  readonly trustPolicy: string;
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
  /** The name or ARN of a policy. */
  readonly boundary?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** Policies that it has from the start, by name or ARN; without, it may do nothing. */
  readonly policies?: readonly string[] | undefined;
};

/** An hour, if the role does not say otherwise. */
const shortestMaximum = 3_600;
const longestMaximum = 43_200;

/**
 * Roles of accounts, in the database. Their policies, tags and boundaries are kept as those of users. Its methods throw
 * ServiceErrors with sentences for a person.
 */
export class RoleStore {
  readonly #database: Database;
  readonly #change: PrincipalsChange;

  constructor(database: Database, change: PrincipalsChange) {
    this.#database = database;
    this.#change = change;
  }

  async create({ account, name, path = '/', tags = [], policies = [], ...given }: NewRole): Promise<Role> {
    const { trustPolicy, description = '', maxSessionSeconds = shortestMaximum } = given;
    requireDocument(trustPolicy, 'trust');
    requireMaximum(maxSessionSeconds);
    requirePath(path);
    return await this.#change(async (trx, now) => {
      await requireAccount(trx, account);
      const boundary = given.boundary === undefined ? null : await policyToAttach(trx, account, given.boundary);
      if (await isNameTaken(trx, 'roles', { account, name })) {
        throw resourceAlreadyExists(roleArn(account, name, path));
      }
      const row = {
        ...{ id: newRoleId(), account, name, path, description, boundary, created_at: now },
        ...{ max_session_seconds: maxSessionSeconds, trust_policy: trustPolicy },
      };
      await trx.insertInto('roles').values(row).execute();
      await addTagsTo(trx, row.id, tags);
      for (const policy of policies) await attachPolicy(trx, { holder: row.id, account, policy });
      return roleOf(row, tags);
    });
  }

  async get({ account, name }: RoleName): Promise<Role> {
    const { id } = await findHolder(this.#database, { account, role: name });
    const row = await this.#database.selectFrom('roles').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    return roleOf(row, (await readTags(this.#database, id)).get(id));
  }

  /** Those of an account by name, or those of all accounts. @param pathPrefix such as `/service-role/` */
  async list(account?: string, pathPrefix = '/'): Promise<Role[]> {
    const rows = await this.#database
      .selectFrom('roles')
      .selectAll()
      .$if(account !== undefined, (query) => query.where('account', '=', account ?? ''))
      .orderBy('account')
      .orderBy('name')
      .execute();
    const tags = await readTags(this.#database);
    return rows.filter(({ path }) => path.startsWith(pathPrefix)).map((row) => roleOf(row, tags.get(row.id)));
  }

  /** What is not given stays as it is. */
  async update({
    account,
    name,
    description,
    maxSessionSeconds,
  }: RoleName & { description?: string | undefined; maxSessionSeconds?: number | undefined }): Promise<void> {
    if (maxSessionSeconds !== undefined) requireMaximum(maxSessionSeconds);
    await this.#set(
      { account, name },
      {
        ...(description !== undefined && { description }),
        ...(maxSessionSeconds !== undefined && { max_session_seconds: maxSessionSeconds }),
      },
    );
  }

  /** Says who may assume the role. Sessions that were made before go on. */
  async putTrust({ document, ...of }: RoleName & { document: string }): Promise<void> {
    requireDocument(document, 'trust');
    await this.#set(of, { trust_policy: document });
  }

  /**
   * Deletes a role, which ends its sessions.
   *
   * @param keepsPolicies refuses a role that has policies (ResourceInUseException), as IAM does; else they go with it
   */
  async delete({ account, name, keepsPolicies }: RoleName & { keepsPolicies?: boolean }): Promise<void> {
    await this.#change(async (trx) => {
      const { id, arn } = await findHolder(trx, { account, role: name });
      const policies = (await readPolicies(trx, id)).get(id);
      const [attached, inline] = [policies?.attached.length ?? 0, policies?.inline.length ?? 0];
      if (keepsPolicies && attached > 0) throw resourceInUse(`${arn} has policies attached: detach them first.`);
      if (keepsPolicies && inline > 0) throw resourceInUse(`${arn} has policies of its own: delete them first.`);
      await forgetHolder(trx, id);
      await trx.deleteFrom('roles').where('id', '=', id).execute();
    });
  }

  async #set({ account, name }: RoleName, values: Partial<RoleRow>): Promise<void> {
    await this.#change(async (trx) => {
      const { id } = await findHolder(trx, { account, role: name });
      if (Object.keys(values).length === 0) return;
      await trx.updateTable('roles').set(values).where('id', '=', id).execute();
    });
  }
}

const roleArnPattern = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

/** The account of a role by its ARN; an empty text for what is no such ARN. */
export const accountOfRole = (arn: string): string => roleArnPattern.exec(arn)?.[1] ?? '';

/** The role of an ARN. */
export async function findRole(database: Database, arn: string): Promise<Role | undefined> {
  const [, account, name] = roleArnPattern.exec(arn) ?? [];
  if (account === undefined || name === undefined) return undefined;
  const rows = database.selectFrom('roles').selectAll().where('account', '=', account).where('name', '=', name);
  const row = await rows.executeTakeFirst();
  if (!row) return undefined;
  const role = roleOf(row, await tagsOfHolder(database, row.id));
  return role.arn === arn ? role : undefined;
}

const roleOf = (row: RoleRow, tags: readonly Tag[] = []): Role => ({
  arn: roleArn(row.account, row.name, row.path),
  id: row.id,
  account: row.account,
  name: row.name,
  path: row.path,
  description: row.description,
  maxSessionSeconds: row.max_session_seconds,
  trustPolicy: row.trust_policy,
  boundary: row.boundary ?? undefined,
  tags,
  createdAt: row.created_at,
});

function requireMaximum(seconds: number): void {
  if (seconds >= shortestMaximum && seconds <= longestMaximum) return;
  throw invalidInput(`The longest session of a role is from ${shortestMaximum} to ${longestMaximum} seconds.`);
}
