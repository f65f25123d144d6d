import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createPolicies({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('policies')
    .addColumn('arn', text, (column) => column.primaryKey())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('policy_attachments')
    .addColumn('holder', text, (column) => column.notNull())
    .addColumn('policy_arn', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_attachments_by_holder', ['holder', 'policy_arn'])
    .execute();
  await schema
    .createTable('inline_policies')
    .addColumn('holder', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('inline_policies_by_holder', ['holder', 'name'])
    .execute();
}
