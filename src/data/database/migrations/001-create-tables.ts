import type { Transaction } from 'kysely';
import { asIdentity, type DialectName, identityType, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createTables(trx: Transaction<Tables>, dialect: DialectName): Promise<void> {
  await createResources(trx, dialect);
  await createTags(trx, dialect);
  await createJobs(trx, dialect);
  await createDatasetFiles(trx, dialect);
}

async function createResources({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('resources')
    .addColumn('sequence', identityType(dialect), (column) => asIdentity(column, dialect))
    .addColumn('arn', text, (column) => column.notNull().unique())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('account', text, (column) => column.notNull())
    .addColumn('region', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('parent', text)
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('document', text, (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('resources_by_kind')
    .on('resources')
    .columns(['kind', 'account', 'region', 'sequence'])
    .execute();
  await schema.createIndex('resources_by_parent').on('resources').columns(['parent', 'kind', 'sequence']).execute();
}

async function createTags({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('tags')
    .addColumn('resource_arn', text, (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('value', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('tags_key', ['resource_arn', 'key'])
    .addForeignKeyConstraint('tags_of_resource', ['resource_arn'], 'resources', ['arn'], (constraint) =>
      constraint.onDelete('cascade'),
    )
    .execute();
}

async function createJobs({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('jobs')
    .addColumn('id', identityType(dialect), (column) => asIdentity(column, dialect))
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('resource_arn', text, (column) => column.notNull())
    .addColumn('line', text)
    .addColumn('owner', text)
    .addColumn('lease_expires_at', 'bigint')
    .addColumn('attempts', 'bigint', (column) => column.notNull())
    .addColumn('cancel_requested', 'bigint', (column) => column.notNull())
    .addColumn('not_before', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('jobs_by_owner').on('jobs').columns(['owner', 'not_before']).execute();
  await schema.createIndex('jobs_by_resource').on('jobs').column('resource_arn').execute();
}

async function createDatasetFiles({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('dataset_files')
    .addColumn('dataset_arn', text, (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('rows', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('import_job_arn', text, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('dataset_files_key', ['dataset_arn', 'position'])
    .execute();
}
