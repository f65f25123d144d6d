import type { Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { GroupKey } from '../encryption/group-key.ts';
import { type GroupKeys, openedText } from '../encryption/group-keys.ts';
import { sealText } from '../encryption/sealed-text.ts';
import type { ListedProblem } from './bad-rows.ts';

/**
 * Keeps what was wrong with the rows of an import job, until the job's resource is removed. An earlier attempt's goes.
 */
export async function keepImportProblems(
  transaction: Transaction<Tables>,
  importJobArn: string,
  problems: readonly ListedProblem[],
  sealing?: GroupKey | undefined,
): Promise<void> {
  await transaction.deleteFrom('import_problems').where('import_job_arn', '=', importJobArn).execute();
  if (problems.length === 0) return;
  const text = JSON.stringify(problems);
  // They quote values.
  const body = sealing ? sealText(text, sealing, placeOf(importJobArn)) : text;
  await transaction.insertInto('import_problems').values({ import_job_arn: importJobArn, body }).execute();
}

/** What was wrong with the rows of an import job, in the order of its files and their lines. */
export async function importProblems(
  database: Database,
  keys: GroupKeys | undefined,
  importJobArn: string,
): Promise<ListedProblem[]> {
  const row = await database
    .selectFrom('import_problems')
    .select('body')
    .where('import_job_arn', '=', importJobArn)
    .executeTakeFirst();
  return row === undefined ? [] : JSON.parse(await openedText(row.body, keys, placeOf(importJobArn)));
}

const placeOf = (importJobArn: string) => `What was wrong with the rows of ${importJobArn}`;
