import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createPolicyVersions({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('policy_versions')
    .addColumn('arn', text, (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_versions_by_number', ['arn', 'number'])
    .execute();
  // Policies of earlier releases have one version.
  for (const column of ['version', 'versions'] as const) {
    await schema
      .alterTable('policies')
      .addColumn(column, 'bigint', (each) => each.notNull().defaultTo(1))
      .execute();
  }
  await schema.alterTable('policies').addColumn('version_created_at', 'bigint').execute();
}
