import { invalidInput } from '../../contract/errors.ts';
import { type DatasetType, typeNames } from '../dataset-types.ts';
import type { Buckets, ObjectStore } from '../objects/object-store.ts';
import { ObjectStoreError } from '../objects/object-store.ts';
import { parseS3Uri } from '../objects/s3-uri.ts';

/** Which records of a dataset: those of import jobs, those that came one by one, or both. */
export type IngestionMode = 'BULK' | 'PUT' | 'ALL';

/** A folder of a bucket. `prefix` is empty, or ends in `/`. */
export type ExportFolder = { readonly store: ObjectStore; readonly prefix: string };

/** @throws ServiceError InvalidInputException unless `uri` has the form of a folder in a bucket. */
export function checkExportFolder(uri: string): void {
  try {
    parseS3Uri(uri);
  } catch (error) {
    if (error instanceof ObjectStoreError) throw invalidInput('Invalid S3 output path.');
    throw error;
  }
  if (!/^s3:\/\/[^/]+\//.test(uri)) throw invalidInput('Invalid S3 output path.');
}

/** The folder that `s3://bucket/folder/` names; the `/` at the end may be left out. */
export function exportFolder(buckets: Buckets, uri: string): ExportFolder {
  const { bucket, key } = parseS3Uri(uri);
  return { store: buckets.bucket(bucket), prefix: key === '' || key.endsWith('/') ? key : `${key}/` };
}

/** What the names of the parts of an export have before their number. */
export const partsName = (type: DatasetType, mode: IngestionMode): string =>
  `${typeNames[type].toLowerCase()}-${mode.toLowerCase()}-`;

/** @param number from 1 on */
export const partName = (parts: string, number: number): string => `${parts}${String(number).padStart(5, '0')}.csv`;

/** The parts after the first `count` that an earlier export has left in a folder, as keys. */
export async function surplusParts({ store, prefix }: ExportFolder, parts: string, count: number): Promise<string[]> {
  const surplus: string[] = [];
  const start = `${prefix}${parts}`;
  for await (const { key } of store.list(start, { shallow: true })) {
    const [, number] = /^(\d{5,})\.csv$/.exec(key.slice(start.length)) ?? [];
    if (number !== undefined && Number(number) > count) surplus.push(key);
  }
  return surplus;
}
