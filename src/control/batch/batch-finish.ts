import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import { partOf } from '../../serve/batch/batch-tasks.ts';
import type { Context } from '../context.ts';
import { type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { AnyBatchJob, BatchLife } from './batch-life.ts';
import { outputFolder } from './batch-locations.ts';
import { type BatchPlan, partsPrefix, readPlan } from './batch-plan.ts';
import { atPath, ending, leaveWork, startedAgain } from './batch-steps.ts';

/** Outputs that are written at a time: small ones wait for the store rather than for this machine. */
const writtenAtOnce = 8;

/**
 * Ends a batch job: puts the outputs of ranges together, each file of the user's at once, so that none is ever seen in
 * half. What the job has in the store goes then.
 */
export function batchFinish(context: Context, life: BatchLife): JobHandler {
  return {
    async run(job, progress) {
      const resource = await job.transaction((tx) => resourceOf(tx, life.kind, job));
      const { work } = resource.document;
      const plan = work === undefined ? undefined : await readPlan(context.store, work);
      if (work === undefined || !plan) return startedAgain(life, job);
      const parts = await partsOf(context.store, work, plan);
      await writeOutputs(context, resource, plan, parts, (fraction) => {
        progress.signal.throwIfAborted();
        progress.report(fraction, 'writing the output');
      });
      await refuseNothingButErrors(context.store, resource, plan, parts);
      return {
        async commit(tx) {
          const done = await resourceOf(tx, life.kind, job);
          await changeResource(tx, done, { status: 'ACTIVE', document: { work: undefined, sharesLeft: undefined } });
          await leaveWork(tx, done, job);
        },
      };
    },
    ...ending(life),
  };
}

/** The output of a range in the store. */
type Part = { readonly key: string; readonly lines: number; readonly failed: number };

/** Of every range of the plan, in its order. */
async function partsOf(store: ObjectStore, work: string, { ranges }: BatchPlan): Promise<readonly Part[]> {
  const prefix = partsPrefix(work);
  const found: Part[] = [];
  for await (const { key } of store.list(prefix)) {
    const part = partOf(key.slice(prefix.length));
    if (part) found[Number(part.range)] = { key, lines: part.lines, failed: part.failed };
  }
  const missing = ranges.findIndex((_, position) => found[position] === undefined);
  if (missing >= 0) throw new Error(`The output of range ${missing} is not in the store.`);
  return found;
}

async function writeOutputs(
  context: Context,
  resource: AnyBatchJob,
  { files, ranges }: BatchPlan,
  parts: readonly Part[],
  report: (fraction: number) => void,
): Promise<void> {
  const { jobOutput, roleArn } = resource.document;
  const buckets = context.bucketsFor({ roleArn, source: resource });
  const { bucket } = parseS3Uri(outputFolder(jobOutput.s3DataDestination.path));
  const ofFile = Map.groupBy(parts, (_, position) => ranges[position]?.file);
  const waiting = files.entries();
  let written = 0;
  const writeSome = async () => {
    for (const [file, { output }] of waiting) {
      report(written / files.length);
      const content = Readable.from(contentOf(context.store, ofFile.get(file) ?? []));
      await atPath('output', () => buckets.bucket(bucket).write(output, content));
      written++;
    }
  };
  await Promise.all(Array.from({ length: writtenAtOnce }, writeSome));
}

async function* contentOf(store: ObjectStore, parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const { key } of parts) yield* await store.read(key);
}

/** @throws WorkFailed if there are lines and none of them could be answered: the outputs say why of each */
async function refuseNothingButErrors(
  store: ObjectStore,
  { document }: AnyBatchJob,
  { files, ranges }: BatchPlan,
  parts: readonly Part[],
): Promise<void> {
  const lines = parts.reduce((sum, part) => sum + part.lines, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  if (lines === 0 || failed < lines) return;
  const position = parts.findIndex((part) => part.lines > 0);
  const [first = ''] = (await text(await store.read(parts[position]?.key ?? ''))).split('\n', 1);
  const { error }: { readonly error: string } = JSON.parse(first);
  const { bucket } = parseS3Uri(document.jobInput.s3DataSource.path);
  const file = files[ranges[position]?.file ?? 0];
  throw new WorkFailed(
    `None of the ${lines} lines could be answered. The first one of s3://${bucket}/${file?.key}: ${error}`,
  );
}
