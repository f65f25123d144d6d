import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createRoles({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('roles')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('path', text, (column) => column.notNull())
    .addColumn('description', text, (column) => column.notNull())
    .addColumn('max_session_seconds', 'bigint', (column) => column.notNull())
    .addColumn('trust_policy', text, (column) => column.notNull())
    .addColumn('boundary', text)
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('roles_by_name', ['account', 'name'])
    .execute();
  await schema
    .createTable('principal_tags')
    .addColumn('holder', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('principal_tags_by_holder', ['holder', 'key'])
    .execute();
  await schema
    .createTable('oidc_providers')
    .addColumn('arn', text, (column) => column.primaryKey())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('url', text, (column) => column.notNull())
    .addColumn('client_ids', text, (column) => column.notNull())
    .addColumn('thumbprints', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  // Users and policies of earlier releases have the path "/".
  await schema
    .alterTable('users')
    .addColumn('path', text, (column) => column.notNull().defaultTo('/'))
    .execute();
  await schema.alterTable('users').addColumn('boundary', text).execute();
  await schema
    .alterTable('policies')
    .addColumn('path', text, (column) => column.notNull().defaultTo('/'))
    .execute();
  await schema
    .alterTable('policies')
    .addColumn('description', text, (column) => column.notNull().defaultTo(''))
    .execute();
}
