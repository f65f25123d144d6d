import type { Context } from '../context.ts';

/**
 * Drops what this node holds in memory of a dataset group whose key may not be used any more: loaded models, and views
 * of its datasets.
 */
export async function dropSealed(
  { database, serving, answers }: Pick<Context, 'database' | 'serving' | 'answers'>,
  keyId: string,
): Promise<void> {
  serving.releaseSealed(keyId);
  const row = await database
    .selectFrom('group_keys')
    .select('dataset_group_arn')
    .where('id', '=', keyId)
    .executeTakeFirst();
  if (!row) return;
  const datasets = `${row.dataset_group_arn.replace(':dataset-group/', ':dataset/')}/`;
  answers.views.keeper.drop((datasetArn) => datasetArn.startsWith(datasets));
}
