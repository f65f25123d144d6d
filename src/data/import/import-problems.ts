import type { Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { ListedProblem } from './bad-rows.ts';

/**
 * Keeps what was wrong with the rows of an import job, until the job's resource is removed. An earlier attempt's goes.
 */
export async function keepImportProblems(
  transaction: Transaction<Tables>,
  importJobArn: string,
  problems: readonly ListedProblem[],
): Promise<void> {
  await transaction.deleteFrom('import_problems').where('import_job_arn', '=', importJobArn).execute();
  if (problems.length === 0) return;
  const body = JSON.stringify(problems);
  await transaction.insertInto('import_problems').values({ import_job_arn: importJobArn, body }).execute();
}

/** What was wrong with the rows of an import job, in the order of its files and their lines. */
export async function importProblems(database: Database, importJobArn: string): Promise<ListedProblem[]> {
  const row = await database
    .selectFrom('import_problems')
    .select('body')
    .where('import_job_arn', '=', importJobArn)
    .executeTakeFirst();
  return row === undefined ? [] : JSON.parse(row.body);
}
