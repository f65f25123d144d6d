import { rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { filePath } from '../../data/encryption/file-path.ts';
import { keyIdOfName, prefixKey } from '../../data/encryption/group-key.ts';
import type { Buckets } from '../../data/objects/object-store.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import { localModel } from '../../learn/model/stored-model.ts';
import type { LineRange } from '../../serve/batch/batch-tasks.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { type Job, type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { insertJob } from '../jobs/queue.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { AnyBatchJob, BatchLife } from './batch-life.ts';
import { type BatchPlan, type PlannedRange, partsPrefix, rangeName, readPlan } from './batch-plan.ts';
import { JobProgress } from './batch-progress.ts';
import { atPath, ending, startedAgain } from './batch-steps.ts';
import { answersFrom, localData } from './local-data.ts';

/**
 * Works on a share of a batch job's lines, leaving out ranges whose output is in the store: by that an attempt resumes
 * what another one has done. The share that ends last puts the end of the job on the queue.
 */
export function batchScore(context: Context, life: BatchLife): JobHandler {
  const { store } = context;
  return {
    async run(job, progress) {
      const resource = await job.transaction((tx) => resourceOf(tx, life.kind, job));
      const { work } = resource.document;
      const plan = work === undefined ? undefined : await readPlan(store, work);
      const share = plan?.shares[job.part ?? 0];
      if (work === undefined || !plan || !share) return startedAgain(life, job);
      const overall = new JobProgress(context, { plan, work, share, progress });
      const done = await overall.look();
      const left = plan.ranges
        .map((range, position) => ({ ...range, position }))
        .slice(...share)
        .filter(({ position }) => !done.has(position));
      if (left.length > 0) await score(context, life, { job, resource, plan, work, left }, overall);
      return {
        async commit(tx) {
          const present = await resourceOf(tx, life.kind, job);
          const sharesLeft = (present.document.sharesLeft ?? 1) - 1;
          await changeResource(tx, present, { document: { sharesLeft } });
          if (sharesLeft === 0) await insertJob(tx, { kind: life.jobs.finish, resourceArn: job.resourceArn });
        },
      };
    },
    ...ending(life),
  };
}

type Share = {
  readonly job: Job;
  readonly resource: AnyBatchJob;
  readonly plan: BatchPlan;
  readonly work: string;
  /** In order, those that are not done. */
  readonly left: readonly (PlannedRange & { readonly position: number })[];
};

async function score(context: Context, life: BatchLife, share: Share, overall: JobProgress): Promise<void> {
  const { store, workFolder, settings, keys } = context;
  const { job, resource, plan, work, left } = share;
  const folder = join(workFolder, `batch-${job.id}-${job.attempt}`);
  const parts = partsPrefix(work);
  const keyId = keyIdOfName(work);
  const sealing = keyId === undefined ? undefined : await keys?.byId(keyId);
  try {
    await using opened = new AsyncDisposableStack();
    const progress: Progress = overall.ofShare(left);
    progress.report(0, 'fetching the model and the data');
    const ranges = await localRanges(context, resource, plan, left, opened);
    const data = await localData(store, plan.data, opened);
    const model = opened.use(await localModel(store, plan.model));
    const task = {
      ...answersFrom(plan.answers, data, settings),
      ranges,
      folder: filePath(join(folder, 'parts'), sealing && prefixKey(sealing, parts)),
      temporaryFolder: join(folder, 'temporary'),
      model: filePath(model.path, model.key),
    };
    await life.run(context, task, {
      progress,
      memoryBytes: memoryBytes(settings.batchProcesses),
      async keepPart(name, path) {
        await store.adopt(parts + name, path);
        await job.advanced();
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Their sum leaves room for the server, unless each would have too little for any model. */
const memoryBytes = (processes: number) => Math.max(2 * 2 ** 30, (0.75 * totalmem()) / processes);

/** @throws WorkFailed if an input file is no longer what it was when the job began */
async function localRanges(
  context: Context,
  { arn, document, ...resource }: AnyBatchJob,
  { files }: BatchPlan,
  left: Share['left'],
  opened: AsyncDisposableStack,
): Promise<LineRange[]> {
  const { roleArn, jobInput } = document;
  const buckets = context.bucketsFor({ roleArn, source: { ...resource, arn } });
  const { bucket } = parseS3Uri(jobInput.s3DataSource.path);
  const paths = new Map<number, string>();
  for (const { file } of left) {
    if (!paths.has(file)) paths.set(file, await localInput(buckets, bucket, files[file], opened));
  }
  return left.map(({ position, file, begin, end }) => ({
    name: rangeName(position),
    file,
    path: paths.get(file) ?? '',
    begin,
    end,
  }));
}

async function localInput(
  buckets: Buckets,
  bucket: string,
  file: BatchPlan['files'][number] | undefined,
  opened: AsyncDisposableStack,
): Promise<string> {
  if (!file) throw new Error('A plan has a range of no file.');
  const { key, bytes } = file;
  const store = buckets.bucket(bucket);
  const present = await atPath('input', () => store.head(key));
  if (present?.bytes !== bytes) {
    throw new WorkFailed(`s3://${bucket}/${key} was changed while the job was reading it. Create the job again.`);
  }
  return opened.use(await atPath('input', () => store.localFile(key))).path;
}
