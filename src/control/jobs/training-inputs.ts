import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { datasetFiles } from '../../data/datasets.ts';
import { ObjectStoreError } from '../../data/object-store.ts';
import type { TrainingInput, TrainingRequest } from '../../learn/training.ts';
import type { Context } from '../parts.ts';
import type { Resource } from '../resource.ts';
import { findResource } from '../resource-store.ts';
import { WorkFailed } from './job.ts';

const maxAttempts = 3;

/**
 * The datasets of a group as files of the training's own folder, which an import that replaces them meanwhile leaves alone.
 *
 * @throws WorkFailed if the group has no Interactions dataset.
 */
export async function takeTrainingInputs(
  context: Context,
  datasetGroupArn: string,
  folder: string,
): Promise<Pick<TrainingRequest, 'interactions' | 'items' | 'users'>> {
  const datasets = await datasetsOf(context, datasetGroupArn);
  const take = async (type: string): Promise<TrainingInput | undefined> => {
    const dataset = datasets.find(({ document }) => document.datasetType === type);
    return dataset && (await takeDataset(context, dataset, join(folder, type)));
  };
  const interactions = await take('INTERACTIONS');
  if (!interactions) throw new WorkFailed('Create failed. The dataset group has no Interactions dataset.');
  return { interactions, items: await take('ITEMS'), users: await take('USERS') };
}

async function datasetsOf({ database }: Context, datasetGroupArn: string): Promise<Resource<'dataset'>[]> {
  const rows = await database
    .selectFrom('resources')
    .select('arn')
    .where('parent', '=', datasetGroupArn)
    .where('kind', '=', 'dataset')
    .execute();
  const found = await Promise.all(rows.map(({ arn }) => findResource(database, 'dataset', arn)));
  return found.filter((dataset) => dataset !== undefined);
}

async function takeDataset(
  context: Context,
  { arn, document }: Resource<'dataset'>,
  folder: string,
): Promise<TrainingInput> {
  const schema = await findResource(context.database, 'schema', document.schemaArn);
  if (!schema) throw new Error(`${arn} has no schema.`);
  const files = await takeFiles(context, arn, folder);
  return { schema: parseDatasetSchema(schema.document.schema).schema, files };
}

/** Looks anew at the dataset where an import has just replaced a file that was about to be taken. */
async function takeFiles(context: Context, datasetArn: string, folder: string, attempt = 1): Promise<string[]> {
  try {
    return await linkFiles(context, datasetArn, join(folder, String(attempt)));
  } catch (error) {
    const replaced = error instanceof ObjectStoreError && error.reason === 'missing';
    if (!replaced || attempt >= maxAttempts) throw error;
    return await takeFiles(context, datasetArn, folder, attempt + 1);
  }
}

async function linkFiles({ database, store }: Context, datasetArn: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { key } of await datasetFiles(database, datasetArn)) {
    await using copy = await store.localFile(key);
    const path = join(folder, `${paths.length}.parquet`);
    // A second name for the same file where the disk is the same, a copy where it is not.
    await link(copy.path, path).catch(() => copyFile(copy.path, path));
    paths.push(path);
  }
  return paths;
}
