import type { Transaction } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { GroupKey } from '../encryption/group-key.ts';
import { type GroupKeys, openedText } from '../encryption/group-keys.ts';
import { sealText } from '../encryption/sealed-text.ts';

/** The list of the users whom a job deletes. The database has it for as long as the job works. */
export type UserListName = { readonly jobArn: string; readonly datasetGroupArn: string };

/** Keeps the list of a job, in parts, each a JSON list of ids. */
export async function keepUserList(
  trx: Transaction<Tables>,
  { jobArn, datasetGroupArn }: UserListName,
  parts: AsyncIterable<string>,
  sealing: GroupKey | undefined,
): Promise<void> {
  await removeUserList(trx, jobArn);
  let part = 0;
  for await (const ids of parts) {
    const body = sealing ? sealText(ids, sealing, placeOf(jobArn, part)) : ids;
    await trx
      .insertInto('users_to_delete')
      .values({ job_arn: jobArn, part, dataset_group_arn: datasetGroupArn, body })
      .execute();
    part++;
  }
}

export async function removeUserList(trx: Transaction<Tables>, jobArn: string): Promise<void> {
  await trx.deleteFrom('users_to_delete').where('job_arn', '=', jobArn).execute();
}

/** The lists that there are. */
export async function userLists(database: Database): Promise<UserListName[]> {
  const rows = await database
    .selectFrom('users_to_delete')
    .select(['job_arn', 'dataset_group_arn'])
    .where('part', '=', 0)
    .execute();
  return rows.map(({ job_arn, dataset_group_arn }) => ({ jobArn: job_arn, datasetGroupArn: dataset_group_arn }));
}

/** The ids of a list, some thousand at a time. @throws KeyError if the key of the dataset group cannot be used */
export async function* usersOf(
  database: Database,
  keys: GroupKeys | undefined,
  jobArn: string,
): AsyncGenerator<readonly string[]> {
  for (let part = 0; ; part++) {
    const row = await database
      .selectFrom('users_to_delete')
      .select('body')
      .where('job_arn', '=', jobArn)
      .where('part', '=', part)
      .executeTakeFirst();
    if (!row) return;
    const ids: string[] = JSON.parse(await openedText(row.body, keys, placeOf(jobArn, part)));
    yield ids;
  }
}

const placeOf = (jobArn: string, part: number) => `Users to delete of ${jobArn}, ${part}`;
