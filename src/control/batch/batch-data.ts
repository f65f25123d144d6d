import { join } from 'node:path';
import type { PinnedFile } from '../../data/pinned-snapshot.ts';
import { pinDataset, streamedFiles } from '../../data/records/pinned-dataset.ts';
import type { Context } from '../context.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { findResource } from '../resources/resource-store.ts';
import type { PlannedData, PlannedDataset } from './batch-plan.ts';

/** Which data lines need: all of a dataset, or of Interactions the streamed events alone. */
export type DataWish = {
  readonly interactions?: 'all' | 'streamed' | undefined;
  readonly items?: boolean | undefined;
  readonly users?: boolean | undefined;
};

export type DataRequest = {
  readonly context: Context;
  readonly datasetGroupArn: string;
  readonly wish: DataWish;
  /** A folder of this machine that the caller removes. */
  readonly folder: string;
  /** Prefix in the store that the files go below. */
  readonly target: string;
  readonly signal: AbortSignal;
};

/**
 * Puts the data that lines need into the store, as it is now, so that no import or compaction takes it away. A dataset
 * that the group does not have is left out.
 */
export async function keepData({ wish, ...request }: DataRequest): Promise<PlannedData> {
  return {
    interactions: wish.interactions && (await keepDataset(request, 'INTERACTIONS', wish.interactions)),
    items: wish.items ? await keepDataset(request, 'ITEMS', 'all') : undefined,
    users: wish.users ? await keepDataset(request, 'USERS', 'all') : undefined,
  };
}

async function keepDataset(
  { context, datasetGroupArn, folder, target, signal }: Omit<DataRequest, 'wish'>,
  type: 'INTERACTIONS' | 'ITEMS' | 'USERS',
  rows: 'all' | 'streamed',
): Promise<PlannedDataset | undefined> {
  const { database, store, records } = context;
  const datasetArn = `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/${type}`;
  const dataset = await findResource(database, datasetKind, datasetArn);
  if (!dataset) return undefined;
  const schema = await schemaOf(database, dataset);
  const at = join(folder, type);
  const pinned = await pinDataset({ database, store, records: records.log, datasetArn, rows, folder: at, signal });
  const files: PinnedFile[] = [];
  for (const { path, ...file } of pinned.files) {
    signal.throwIfAborted();
    const key = `${target}data/${type}/${files.length}.parquet`;
    await store.adopt(key, path);
    files.push({ ...file, path: key });
  }
  return { schema, files };
}

/** Of the files of a dataset of events those with streamed ones. */
export const streamedOf = ({ schema, files }: PlannedDataset): PlannedDataset => ({
  schema,
  files: streamedFiles(files),
});
