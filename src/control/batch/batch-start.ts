import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sealedPrefix } from '../../data/encryption/group-key.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import { beginWriting, forgetUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { type Progress, subProgress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { filterKind } from '../filters/filter-kind.ts';
import { type Job, type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';
import { keepData } from './batch-data.ts';
import { findBatchFilter } from './batch-filter.ts';
import type { AnyBatchJob, BatchLife } from './batch-life.ts';
import { outputFolder } from './batch-locations.ts';
import { modelFor } from './batch-model.ts';
import { type PlannedFile, writePlan } from './batch-plan.ts';
import { atPath, ending, enqueueShares } from './batch-steps.ts';
import { findInputFiles } from './input-files.ts';
import { linesPerFile } from './lines-per-file.ts';
import { plannedAnswers } from './planned-answers.ts';
import { dividedIntoShares } from './shares.ts';
import { themeColumnsOf } from './theme-settings.ts';

/**
 * Begins a batch job: looks at input and output, and puts into the store what all of its workers read, so that each of
 * them, and each attempt, does the same. Its commit puts a job for each share on the queue.
 */
export function batchStart(context: Context, life: BatchLife): JobHandler {
  const { store, keys, workFolder } = context;
  return {
    async run(job, progress) {
      const { resource, version, target } = await job.transaction((tx) => begin(tx, life, job));
      progress.report(0, 'looking at the input');
      const files = await inputOf(context, resource, version);
      const sealing = await keys?.ofGroup(version.document.datasetGroupArn);
      const work = sealedPrefix(target, sealing);
      const making = { context, job, progress: subProgress(progress, 0, 0.8), version, target, sealing };
      const found = await modelFor(making);
      progress.report(0.8, 'keeping the data that lines need');
      const plan = await planOf(context, life, { job, resource, version, files, work, ...found }, progress).finally(
        () => rm(join(workFolder, folderOf(job)), { recursive: true, force: true }),
      );
      await writePlan(store, work, plan);
      return {
        async commit(tx) {
          const { length } = plan.shares;
          const begun = await resourceOf(tx, life.kind, job);
          await changeResource(tx, begun, { document: { work, sharesLeft: length } });
          await forgetUnreferenced(tx.db, [target]);
          await enqueueShares(tx, life, resource.arn, length);
        },
      };
    },
    ...ending(life),
  };
}

const folderOf = ({ id, attempt }: Job) => `batch-${id}-${attempt}`;

async function begin(tx: Transaction, life: BatchLife, job: Job) {
  const resource = await resourceOf(tx, life.kind, job);
  await changeResource(tx, resource, { status: 'CREATE IN_PROGRESS' });
  const version = await findResource(tx.db, solutionVersionKind, resource.parent ?? '');
  if (!version) throw new Error(`${resource.arn} has no solution version.`);
  const target = `${resource.document.prefix}${randomUUID()}/`;
  await beginWriting(tx.db, [target], tx.now, job.id);
  return { resource, version, target };
}

/** The input files, once it is known that outputs can be written. */
async function inputOf(context: Context, resource: AnyBatchJob, version: SolutionVersion): Promise<PlannedFile[]> {
  const { jobInput, jobOutput, roleArn } = resource.document;
  const buckets = context.bucketsFor({ roleArn, source: resource });
  const [input, output] = [jobInput.s3DataSource.path, jobOutput.s3DataDestination.path];
  const folder = parseS3Uri(outputFolder(output));
  await atPath('output', () => buckets.bucket(folder.bucket).write(`${folder.key}_CHECK`, ''));
  const { quotas } = context.settings;
  const limits = { ...quotas, linesPerFile: linesPerFile(quotas, version, resource.document) };
  return await atPath('input', () => findInputFiles(buckets, { input, output }, limits));
}

type Planning = {
  readonly job: Job;
  readonly resource: AnyBatchJob;
  readonly version: SolutionVersion;
  readonly files: readonly PlannedFile[];
  readonly work: string;
  readonly model: string;
  readonly watermark: number | undefined;
};

async function planOf(context: Context, { grain }: BatchLife, planning: Planning, { signal }: Progress) {
  const { job, resource, version, files, work, model, watermark } = planning;
  const { filterArn } = resource.document;
  const filter = filterArn === undefined ? undefined : await filterNamed(context, filterArn, resource, version);
  const { plan } = await context.owners.models.get(context.database, version.arn);
  const { document } = resource;
  const itemName = document.themeGenerationConfig?.fieldsForThemeGeneration.itemName;
  const themeColumns = itemName === undefined ? undefined : await themeColumnsOf(context.database, version, itemName);
  const { answers, wish } = plannedAnswers({ context, document, plan, filter, themeColumns, watermark });
  const data = await keepData({
    context,
    datasetGroupArn: plan.datasetGroupArn,
    wish,
    folder: join(context.workFolder, folderOf(job)),
    target: work,
    signal,
  });
  return { files, model, answers, data, ...dividedIntoShares(files, grain) };
}

/** It was there when the job was created. */
async function filterNamed(context: Context, arn: string, resource: AnyBatchJob, version: SolutionVersion) {
  if (!(await findResource(context.database, filterKind, arn))) {
    throw new WorkFailed(
      `Filter ${arn} was deleted before the job could begin. Create the job again with another one.`,
    );
  }
  return await findBatchFilter(context.database, arn, resource, version);
}
