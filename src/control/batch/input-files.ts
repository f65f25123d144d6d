import { createReadStream } from 'node:fs';
import type { Buckets, ObjectInfo } from '../../data/objects/object-store.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import { WorkFailed } from '../jobs/job.ts';
import type { Quotas } from '../settings.ts';
import { outputFolder } from './batch-locations.ts';
import type { PlannedFile } from './batch-plan.ts';

/** Where a job reads and writes. */
export type Locations = { readonly input: string; readonly output: string };

/** What a job may read. */
export type InputLimits = Pick<Quotas, 'batchFiles' | 'batchBytes'> & { readonly linesPerFile: number };

/**
 * The files that a job reads: every object whose key begins with that of the input path (spec batch.md §1), but what
 * tools leave beside data, and what batch jobs have written into the output folder. In order of their keys.
 *
 * @throws WorkFailed if there are none, more than may be, or two whose outputs would have one name; ObjectStoreError
 */
export async function findInputFiles(
  buckets: Buckets,
  { input, output }: Locations,
  limits: InputLimits,
): Promise<PlannedFile[]> {
  const { bucket, key: prefix } = parseS3Uri(input);
  const folder = parseS3Uri(outputFolder(output));
  const isOutput = outputsAmong(prefix, bucket === folder.bucket ? folder.key : undefined);
  const files: PlannedFile[] = [];
  for await (const { key, bytes } of buckets.bucket(bucket).list(prefix)) {
    if (isMark(key) || isOutput(key)) continue;
    files.push({ key, bytes, output: `${folder.key}${nameOf(key)}.out` });
    if (files.length > limits.batchFiles) {
      throw new WorkFailed(`There are more than ${limits.batchFiles} files at ${input}; a batch job reads no more.`);
    }
  }
  if (files.length === 0) {
    throw new WorkFailed(`Invalid S3 input path. There is no file whose name begins with ${input}.`);
  }
  requireBytes(files, input, limits.batchBytes);
  requireDifferentNames(files, bucket);
  for (const file of files) await requireLines(buckets, bucket, file, limits.linesPerFile);
  return files;
}

/** As for imports: keys that end in `/` stand for folders, and Hadoop and Spark leave out names such as `_SUCCESS`. */
const isMark = (key: string) => /(^|\/)[_.][^/]*$|\/$/.test(key);

const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);

/** Whether an object that the input names is an output, where the folder of outputs is in the same bucket. */
function outputsAmong(prefix: string, folder: string | undefined): (key: string) => boolean {
  if (folder === undefined) return () => false;
  // A folder below the input holds nothing else; one around it may hold the input, too.
  if (folder.startsWith(prefix) && folder !== prefix) return (key) => key.startsWith(folder);
  return (key) => key.startsWith(folder) && key.endsWith('.out') && !key.slice(folder.length).includes('/');
}

function requireBytes(files: readonly ObjectInfo[], input: string, most: number): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= most) return;
  throw new WorkFailed(`The files at ${input} have ${bytes} bytes; a batch job reads no more than ${most}.`);
}

function requireDifferentNames(files: readonly PlannedFile[], bucket: string): void {
  const first = new Map<string, string>();
  for (const { key, output } of files) {
    const other = first.get(output);
    if (other !== undefined) {
      throw new WorkFailed(
        `s3://${bucket}/${other} and s3://${bucket}/${key} would both become ${nameOf(output)}. ` +
          'Give one of them another name, or create a job for each folder.',
      );
    }
    first.set(output, key);
  }
}

/** A line has a byte and an end, so that small files need no look. */
async function requireLines(buckets: Buckets, bucket: string, { key, bytes }: PlannedFile, most: number) {
  if ((bytes + 1) / 2 <= most) return;
  await using copy = await buckets.bucket(bucket).localFile(key);
  if ((await countLines(copy.path, most)) <= most) return;
  throw new WorkFailed(`s3://${bucket}/${key} has more than ${most} lines; a file of this batch job may have no more.`);
}

/** How many lines of a file say anything; the count ends beyond `most`. */
async function countLines(path: string, most: number): Promise<number> {
  let lines = 0;
  let isBlank = true;
  for await (const chunk of createReadStream(path)) {
    for (const byte of chunk as Buffer) {
      if (byte === 0x0a) isBlank = true;
      else if (isBlank && byte > 0x20) {
        isBlank = false;
        lines++;
      }
    }
    if (lines > most) break;
  }
  return lines;
}
