import type { Selectable } from 'kysely';
import { limitExceeded, resourceInUse, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { PolicyRow } from '../../data/database/tables.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';
import { requireDocument } from './policy-store.ts';

/** A version of a policy. One of them is in force. */
export type PolicyVersion = {
  /** From 1, and never given twice. */
  readonly number: number;
  readonly document: string;
  readonly isInForce: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

/** As in AWS. */
export const mostVersions = 5;

/**
 * Versions of the policies of accounts. The row of a policy has the one that is in force, so that the
 * evaluation needs no other; the rest is kept beside it. Its methods throw ServiceErrors with sentences for a person.
 */
export class PolicyVersions {
  readonly #database: Database;
  readonly #change: PrincipalsChange;

  constructor(database: Database, change: PrincipalsChange) {
    this.#database = database;
    this.#change = change;
  }

  /** All versions, newest first. */
  async list(arn: string): Promise<PolicyVersion[]> {
    const inForce = versionInForce(await policyOf(this.#database, arn));
    return [inForce, ...(await othersOf(this.#database, arn))].sort((a, b) => b.number - a.number);
  }

  /** @param inForce takes the place of the one that is */
  async create({
    arn,
    document,
    inForce,
  }: {
    arn: string;
    document: string;
    inForce: boolean;
  }): Promise<PolicyVersion> {
    requireDocument(document, 'managed');
    return await this.#change(async (trx, now) => {
      const policy = await policyOf(trx, arn);
      if ((await othersOf(trx, arn)).length + 1 >= mostVersions) {
        throw limitExceeded(
          `A managed policy can have up to ${mostVersions} versions. Before you create a new version, you must delete ` +
            'an existing version.',
        );
      }
      const version = { number: policy.versions + 1, document, isInForce: inForce, createdAt: now };
      await trx.updateTable('policies').set({ versions: version.number }).where('arn', '=', arn).execute();
      if (inForce) await replace(trx, policy, version);
      else await keep(trx, arn, version);
      return version;
    });
  }

  async putInForce(arn: string, number: number): Promise<void> {
    await this.#change(async (trx) => {
      const policy = await policyOf(trx, arn);
      if (policy.version === number) return;
      const version = await otherOf(trx, arn, number);
      await forget(trx, arn, number);
      await replace(trx, policy, version);
    });
  }

  async delete(arn: string, number: number): Promise<void> {
    await this.#change(async (trx) => {
      if ((await policyOf(trx, arn)).version === number) {
        throw resourceInUse('Cannot delete the default version of a policy.');
      }
      await otherOf(trx, arn, number);
      await forget(trx, arn, number);
    });
  }
}

type Policy = Selectable<PolicyRow>;

async function policyOf(database: Database, arn: string): Promise<Policy> {
  const row = await database.selectFrom('policies').selectAll().where('arn', '=', arn).executeTakeFirst();
  if (!row) throw resourceNotFound(arn);
  return row;
}

const versionInForce = ({ version, document, version_created_at, created_at }: Policy): PolicyVersion => ({
  number: version,
  document,
  isInForce: true,
  createdAt: version_created_at ?? created_at,
});

async function othersOf(database: Database, arn: string): Promise<PolicyVersion[]> {
  const rows = await database.selectFrom('policy_versions').selectAll().where('arn', '=', arn).execute();
  return rows.map(({ number, document, created_at }) => ({
    ...{ number, document, createdAt: created_at },
    isInForce: false,
  }));
}

async function otherOf(trx: Database, arn: string, number: number): Promise<PolicyVersion> {
  const found = (await othersOf(trx, arn)).find((version) => version.number === number);
  if (!found) throw resourceNotFound(`${arn} v${number}`);
  return found;
}

/** Puts a version in force, and keeps the one that was. */
async function replace(trx: Database, policy: Policy, { number, document, createdAt }: PolicyVersion): Promise<void> {
  const { arn } = policy;
  await keep(trx, arn, versionInForce(policy));
  const inForce = { document, version: number, version_created_at: createdAt };
  await trx.updateTable('policies').set(inForce).where('arn', '=', arn).execute();
}

async function keep(trx: Database, arn: string, { number, document, createdAt }: PolicyVersion): Promise<void> {
  await trx.insertInto('policy_versions').values({ arn, number, document, created_at: createdAt }).execute();
}

async function forget(trx: Database, arn: string, number: number): Promise<void> {
  await trx.deleteFrom('policy_versions').where('arn', '=', arn).where('number', '=', number).execute();
}
