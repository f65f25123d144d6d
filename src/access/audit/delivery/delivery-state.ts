import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../../../data/objects/durable-files.ts';
import { replaceFile } from '../../../data/objects/folder-buckets/replace-file.ts';

/** How far the records of a node are in the bucket. */
export type DeliveryState = {
  /** Of the file that is being delivered; all earlier ones are there. */
  readonly day: string;
  /** Bytes of that file that are there. */
  readonly offset: number;
  /** Where the batch ends that was begun: after a kill, it is delivered again as it was, to the same objects. */
  readonly until?: number;
};

const pathOf = (folder: string, node: string) =>
  join(folder, node === '' ? 'delivered.json' : `delivered.${node}.json`);

/** Undefined before the first delivery. */
export async function readState(folder: string, node: string): Promise<DeliveryState | undefined> {
  const text = await readFile(pathOf(folder, node), 'utf8').catch(unlessMissing);
  return text === undefined ? undefined : JSON.parse(text);
}

export async function writeState(folder: string, node: string, state: DeliveryState): Promise<void> {
  const path = pathOf(folder, node);
  await replaceFile(path, JSON.stringify(state), `${path}.${process.pid}.partial`);
}
