import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ItemRecord, ItemRecords, titleColumn } from '../../data/records/item-records.ts';
import { pinDataset } from '../../data/records/pinned-dataset.ts';
import type { Context } from '../context.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { findResource } from '../resources/resource-store.ts';

/** What is said of items, for people to read. */
export type DescribedItems = {
  /** The newest record of each item that has one. */
  recordsOf(ids: Iterable<string>): Promise<ReadonlyMap<string, ItemRecord>>;
  /** Undefined for a record without a title, and where the dataset has none. */
  titleOf(record: ItemRecord | undefined): string | undefined;
};

/** Of a dataset group without items. */
const nothing: DescribedItems = { recordsOf: async () => new Map(), titleOf: () => undefined };

/** Runs `work` with what the Items dataset of a group says as of now, PutItems of this moment among it. */
export async function withDescribedItems<T>(
  { database, store, records, workFolder }: Context,
  datasetGroupArn: string | undefined,
  work: (items: DescribedItems) => Promise<T>,
): Promise<T> {
  const arn = datasetGroupArn && `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/ITEMS`;
  const dataset = arn && (await findResource(database, datasetKind, arn));
  if (!dataset) return await work(nothing);
  const folder = join(workFolder, `items-${randomUUID()}`);
  try {
    const { signal } = new AbortController();
    const request = {
      database,
      store,
      records: records.log,
      datasetArn: dataset.arn,
      rows: 'all',
      folder,
      signal,
    } as const;
    const { files } = await pinDataset(request);
    if (files.length === 0) return await work(nothing);
    const schema = await schemaOf(database, dataset);
    using read = await ItemRecords.open({ files, schema, temporaryFolder: join(folder, 'spilled') });
    const title = titleColumn(schema);
    return await work({
      recordsOf: (ids) => read.of(ids),
      titleOf: (record) => (title === undefined ? undefined : record?.get(title)),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
