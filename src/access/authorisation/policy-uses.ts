import type { Database } from '../../data/database/database.ts';

/** Who has which policy: attached, or as a permissions boundary. */
export type PolicyUser = {
  readonly policyArn: string;
  readonly as: 'attachment' | 'boundary';
  readonly table: 'users' | 'roles';
  readonly id: string;
  readonly name: string;
  readonly path: string;
};

/** All uses of policies by the users and roles of an account. */
export async function readPolicyUses(database: Database, account: string): Promise<PolicyUser[]> {
  const found: PolicyUser[] = [];
  for (const table of ['users', 'roles'] as const) {
    const attached = await database
      .selectFrom(table)
      .innerJoin('policy_attachments', 'policy_attachments.holder', `${table}.id`)
      .select([`${table}.id`, `${table}.name`, `${table}.path`, 'policy_attachments.policy_arn'])
      .where(`${table}.account`, '=', account)
      .execute();
    for (const { policy_arn, ...holder } of attached) {
      found.push({ policyArn: policy_arn, as: 'attachment', table, ...holder });
    }
    const bound = await database
      .selectFrom(table)
      .select(['id', 'name', 'path', 'boundary'])
      .where('account', '=', account)
      .where('boundary', 'is not', null)
      .execute();
    for (const { boundary, ...holder } of bound) {
      found.push({ policyArn: boundary ?? '', as: 'boundary', table, ...holder });
    }
  }
  return found;
}
