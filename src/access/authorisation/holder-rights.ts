import type { Database } from '../../data/database/database.ts';
import { managedPolicy } from '../policies/managed-policies.ts';
import { readTags, type Tag } from '../principals/principal-tags.ts';
import { type ListedPolicies, type ListedPolicy, readPolicies } from './policy-store.ts';

/** All that says what a user or role may do. */
export type HolderRights = ListedPolicies & {
  readonly boundary: ListedPolicy | undefined;
  readonly tags: readonly Tag[];
};

export const noRights: HolderRights = { attached: [], inline: [], boundary: undefined, tags: [] };

/** The rights of every user and role that has any, or of one, by id. */
export async function readRights(database: Database, holder?: string): Promise<Map<string, HolderRights>> {
  const [policies, tags, boundaries] = await Promise.all([
    readPolicies(database, holder),
    readTags(database, holder),
    readBoundaries(database, holder),
  ]);
  const holders = new Set([...policies.keys(), ...tags.keys(), ...boundaries.keys()]);
  return new Map(
    [...holders].map((id) => [
      id,
      { ...noRights, ...policies.get(id), boundary: boundaries.get(id), tags: tags.get(id) ?? [] },
    ]),
  );
}

async function readBoundaries(database: Database, holder: string | undefined): Promise<Map<string, ListedPolicy>> {
  const found = new Map<string, ListedPolicy>();
  for (const table of ['users', 'roles'] as const) {
    const rows = await database
      .selectFrom(table)
      .leftJoin('policies', 'policies.arn', `${table}.boundary`)
      .select([`${table}.id`, `${table}.boundary`, 'policies.document'])
      .where(`${table}.boundary`, 'is not', null)
      .$if(holder !== undefined, (query) => query.where(`${table}.id`, '=', holder ?? ''))
      .execute();
    for (const { id, boundary, document } of rows) {
      const arn = boundary ?? '';
      // A policy that is gone has no document: it is unreadable, and denies everything.
      found.set(id, { name: arn, arn, document: managedPolicy(arn)?.document ?? document ?? '' });
    }
  }
  return found;
}
