import { sql, type Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createAttribution({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('attributions')
    .addColumn('arn', text, (column) => column.primaryKey())
    .addColumn('dataset_arn', text, (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('node', text)
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('attributions_by_dataset').on('attributions').column('dataset_arn').execute();
  await schema
    .createTable('attribution_sources')
    .addColumn('arn', text, (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('attribution_sources_key', ['arn', 'number'])
    .execute();
  await schema
    .createTable('attribution_counts')
    .addColumn('arn', text, (column) => column.notNull())
    .addColumn('metric', 'integer', (column) => column.notNull())
    .addColumn('source', 'integer', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .addColumn('published', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('attribution_counts_key', ['arn', 'metric', 'source', 'time'])
    .execute();
  await schema
    .createIndex('attribution_counts_unpublished')
    .on('attribution_counts')
    .columns(['arn', 'time'])
    .where(sql.ref('value'), '!=', sql.ref('published'))
    .execute();
  await schema
    .createTable('attribution_totals')
    .addColumn('arn', text, (column) => column.notNull())
    .addColumn('metric', 'integer', (column) => column.notNull())
    .addColumn('source', 'integer', (column) => column.notNull())
    .addColumn('value', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('attribution_totals_key', ['arn', 'metric', 'source'])
    .execute();
}
