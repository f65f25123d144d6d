import {
  invalidInput,
  limitExceeded,
  resourceAlreadyExists,
  resourceInUse,
  resourceNotFound,
} from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import { managedPolicies, managedPolicy } from '../policies/managed-policies.ts';
import { type PolicySort, readPolicy } from '../policies/policy.ts';
import { findHolder, type HolderName } from '../principals/holders.ts';
import { policyArn } from '../principals/identifiers.ts';
import { isNameTaken } from '../principals/names.ts';
import { requirePath } from '../principals/paths.ts';
import { removeTags } from '../principals/principal-tags.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';

/** A policy of a user or role: an attached one has an ARN, an inline one has none. */
export type ListedPolicy = { readonly name: string; readonly arn?: string | undefined; readonly document: string };

export type ListedPolicies = { readonly attached: ListedPolicy[]; readonly inline: ListedPolicy[] };

type PolicyName = { readonly account: string; readonly name: string };

/** A policy that users and roles of an account can have attached. */
export type AccountPolicy = PolicyName & {
  readonly arn: string;
  /** `/`, or such as `/team/`: a part of the ARN. */
  readonly path: string;
  readonly description: string;
  readonly document: string;
  /** The number of the version that is in force. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

/** A check of so many is within its budget. */
const mostAttached = 50;
const policyName = /^[\w+=,.@-]{1,128}$/;

/**
 * Policies of accounts, and who has which. A document is read before it is kept, so what is kept can be evaluated. Its
 * methods throw ServiceErrors with sentences for a person.
 */
export class PolicyStore {
  readonly #database: Database;
  readonly #change: PrincipalsChange;

  constructor(database: Database, change: PrincipalsChange) {
    this.#database = database;
    this.#change = change;
  }

  /** Makes a policy that users and roles of the account can have attached, in place of one of that name. */
  async put({ account, name, document }: PolicyName & { document: string }): Promise<string> {
    requireName(name);
    requireDocument(document, 'managed');
    return await this.#change(async (trx, now) => {
      const known = await policyNamed(trx, { account, name });
      if (known) {
        await trx.updateTable('policies').set({ document }).where('arn', '=', known.arn).execute();
        return known.arn;
      }
      const arn = policyArn(account, name);
      if (await isNameTaken(trx, 'policies', { account, name })) throw resourceAlreadyExists(arn);
      await trx.insertInto('policies').values({ arn, account, name, document, created_at: now }).execute();
      return arn;
    });
  }

  /** As `put`, but refuses a name that the account has already. */
  async create({
    account,
    name,
    document,
    path = '/',
    description = '',
  }: PolicyName & { document: string; path?: string; description?: string }): Promise<AccountPolicy> {
    requireName(name);
    requirePath(path);
    requireDocument(document, 'managed');
    return await this.#change(async (trx, now) => {
      const arn = policyArn(account, name, path);
      if (await isNameTaken(trx, 'policies', { account, name })) throw resourceAlreadyExists(arn);
      const policy = { arn, account, name, path, description, document };
      await trx
        .insertInto('policies')
        .values({ ...policy, created_at: now })
        .execute();
      return { ...policy, version: 1, createdAt: now };
    });
  }

  async delete(arn: string): Promise<void> {
    await this.#change(async (trx) => {
      const attachments = trx.selectFrom('policy_attachments').select('holder').where('policy_arn', '=', arn);
      if (await attachments.executeTakeFirst()) throw resourceInUse(`${arn} is attached: detach it first.`);
      for (const table of ['users', 'roles'] as const) {
        const bound = await trx.selectFrom(table).select('name').where('boundary', '=', arn).executeTakeFirst();
        if (bound) throw resourceInUse(`${arn} is the permissions boundary of ${bound.name}: take that away first.`);
      }
      await trx.deleteFrom('policy_versions').where('arn', '=', arn).execute();
      const deleted = await trx.deleteFrom('policies').where('arn', '=', arn).executeTakeFirst();
      if (deleted.numDeletedRows === 0n) throw resourceNotFound(arn);
    });
  }

  /** @param policy an ARN, or the name of a managed policy or of one of the account. @returns the ARN */
  async attach({ policy, ...of }: HolderName & { policy: string }): Promise<string> {
    return await this.#change(async (trx) => {
      const { id: holder, account } = await findHolder(trx, of);
      return await attachPolicy(trx, { holder, account, policy });
    });
  }

  async detach({ policy, ...of }: HolderName & { policy: string }): Promise<void> {
    await this.#change(async (trx) => {
      const { id: holder, account } = await findHolder(trx, of);
      const arn = await policyToAttach(trx, account, policy);
      const attachment = trx
        .deleteFrom('policy_attachments')
        .where('holder', '=', holder)
        .where('policy_arn', '=', arn);
      if ((await attachment.executeTakeFirst()).numDeletedRows === 0n) throw resourceNotFound(arn);
    });
  }

  /** Gives a holder a policy of its own, in place of one of that name. */
  async putInline({ name, document, ...of }: HolderName & { name: string; document: string }): Promise<void> {
    requireName(name);
    requireDocument(document, 'inline');
    await this.#change(async (trx) => {
      const { id: holder } = await findHolder(trx, of);
      await trx
        .insertInto('inline_policies')
        .values({ holder, name, document })
        .onConflict((conflict) => conflict.columns(['holder', 'name']).doUpdateSet({ document }))
        .execute();
      await requireRoom(trx, holder);
    });
  }

  async deleteInline({ name, ...of }: HolderName & { name: string }): Promise<void> {
    await this.#change(async (trx) => {
      const { id: holder } = await findHolder(trx, of);
      const row = trx.deleteFrom('inline_policies').where('holder', '=', holder).where('name', '=', name);
      if ((await row.executeTakeFirst()).numDeletedRows === 0n) throw resourceNotFound(name);
    });
  }

  async list(of: HolderName): Promise<ListedPolicies> {
    const { id: holder } = await findHolder(this.#database, of);
    const byHolder = await readPolicies(this.#database, holder);
    return byHolder.get(holder) ?? { attached: [], inline: [] };
  }

  /** The policies of an account that can be attached, besides the managed ones. */
  async listPolicies(account: string): Promise<AccountPolicy[]> {
    const rows = this.#database.selectFrom('policies').selectAll().where('account', '=', account).orderBy('name');
    return (await rows.execute()).map(({ created_at: createdAt, ...policy }) => ({ ...policy, createdAt }));
  }
}

/** Attaches a policy within a change that does more. @returns its ARN */
export async function attachPolicy(
  trx: Database,
  { holder, account, policy }: { readonly holder: string; readonly account: string; readonly policy: string },
): Promise<string> {
  const arn = await policyToAttach(trx, account, policy);
  await trx
    .insertInto('policy_attachments')
    .values({ holder, policy_arn: arn })
    .onConflict((conflict) => conflict.columns(['holder', 'policy_arn']).doNothing())
    .execute();
  await requireRoom(trx, holder);
  return arn;
}

/** Takes all policies and tags from a holder that is deleted. */
export async function forgetHolder(trx: Database, holder: string): Promise<void> {
  await removeTags(trx, holder);
  await trx.deleteFrom('policy_attachments').where('holder', '=', holder).execute();
  await trx.deleteFrom('inline_policies').where('holder', '=', holder).execute();
}

/** The documents of all policies that can be attached, by ARN. */
export async function readDocuments(database: Database): Promise<Map<string, string>> {
  const own = await database.selectFrom('policies').select(['arn', 'document']).execute();
  return new Map([...managedPolicies, ...own].map(({ arn, document }) => [arn, document]));
}

/** The policies of every holder, or of one. */
export async function readPolicies(database: Database, holder?: string): Promise<Map<string, ListedPolicies>> {
  const attachments = database
    .selectFrom('policy_attachments')
    .leftJoin('policies', 'policies.arn', 'policy_attachments.policy_arn')
    .select(['policy_attachments.holder', 'policy_attachments.policy_arn', 'policies.name', 'policies.document'])
    .$if(holder !== undefined, (query) => query.where('policy_attachments.holder', '=', holder ?? ''))
    .orderBy('policy_attachments.policy_arn')
    .execute();
  const inline = database
    .selectFrom('inline_policies')
    .selectAll()
    .$if(holder !== undefined, (query) => query.where('holder', '=', holder ?? ''))
    .orderBy('name')
    .execute();
  const found = new Map<string, { attached: ListedPolicy[]; inline: ListedPolicy[] }>();
  const of = (holder: string) => {
    const listed = found.get(holder) ?? { attached: [], inline: [] };
    found.set(holder, listed);
    return listed;
  };
  const [attached, own] = await Promise.all([attachments, inline]);
  for (const row of attached) {
    const policy = managedPolicy(row.policy_arn) ?? row;
    const name = policy.name ?? row.policy_arn;
    of(row.holder).attached.push({ name, arn: row.policy_arn, document: policy.document ?? '' });
  }
  for (const { holder, name, document } of own) of(holder).inline.push({ name, document });
  return found;
}

const policyNamed = (trx: Database, { account, name }: PolicyName) =>
  trx.selectFrom('policies').select('arn').where('account', '=', account).where('name', '=', name).executeTakeFirst();

/**
 * The ARN of a policy that an account can attach: a managed one, or one of its own.
 *
 * @param policy its name or ARN
 * @throws ServiceError ResourceNotFoundException
 */
export async function policyToAttach(trx: Database, account: string, policy: string): Promise<string> {
  const managed = managedPolicy(policy);
  if (managed) return managed.arn;
  const rows = trx.selectFrom('policies').select('arn').where('account', '=', account);
  const known = rows.where(policy.startsWith('arn:') ? 'arn' : 'name', '=', policy);
  const row = await known.executeTakeFirst();
  if (!row) throw resourceNotFound(policy.startsWith('arn:') ? policy : policyArn(account, policy));
  return row.arn;
}

async function requireRoom(trx: Database, holder: string): Promise<void> {
  const { attached = [], inline = [] } = (await readPolicies(trx, holder)).get(holder) ?? {};
  if (attached.length + inline.length > mostAttached) {
    throw limitExceeded(`A user or role has at most ${mostAttached} policies.`);
  }
}

function requireName(name: string): void {
  if (policyName.test(name)) return;
  throw invalidInput(`The name of a policy has up to 128 letters, digits and any of +=,.@-_, which ${name} has not.`);
}

/** IAM's word for it, before the place and the reason. */
export const malformedDocument = 'MalformedPolicyDocument: ';

/** @throws ServiceError InvalidInputException, with IAM's word for it and the place */
export function requireDocument(document: string, sort: PolicySort): void {
  try {
    readPolicy(document, sort);
  } catch (error) {
    throw error instanceof MalformedPolicyError ? invalidInput(`${malformedDocument}${error.message}`) : error;
  }
}
