import type { Transaction } from 'kysely';
import { type DialectName, textType } from '../dialect.ts';
import type { Tables } from '../tables.ts';

export async function createImportProblems({ schema }: Transaction<Tables>, dialect: DialectName): Promise<void> {
  const text = textType(dialect);
  await schema
    .createTable('import_problems')
    .addColumn('import_job_arn', text, (column) => column.primaryKey())
    .addColumn('body', text, (column) => column.notNull())
    .addForeignKeyConstraint('import_problems_of_job', ['import_job_arn'], 'resources', ['arn'], (constraint) =>
      constraint.onDelete('cascade'),
    )
    .execute();
}
