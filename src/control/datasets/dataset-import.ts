import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { type GroupKey, sealedPrefix } from '../../data/encryption/group-key.ts';
import { BadRowsError, describeProblem, type ImportReport } from '../../data/import/bad-rows.ts';
import { asImportError } from '../../data/import/import-error.ts';
import { keepImportProblems } from '../../data/import/import-problems.ts';
import { findSources } from '../../data/import/location.ts';
import { appendDatasetFiles, replaceDatasetFiles } from '../../data/manifest.ts';
import type { Buckets } from '../../data/objects/object-store.ts';
import { beginWriting, forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { type Job, type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { compactNow } from './compaction.ts';
import { type AttributionReport, type DatasetImportJob, datasetImportJobKind } from './dataset-import-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';
import { attributeImport } from './import-attribution.ts';
import { schemaKind } from './schema-kind.ts';

/** The log has so many of an import's problems. */
const loggedProblems = 10;

/**
 * Reads the caller's files into the server's store. One transaction then makes them the dataset's data, or adds them to
 * it, and makes the job ACTIVE.
 */
export function datasetImport(context: Context): JobHandler {
  const { store, workFolder, settings, keys } = context;
  return {
    async run(job, progress) {
      const { importMode, dataLocation, targetPrefix, table, dataset, use } = await job.transaction((tx) =>
        begin(tx, job),
      );
      const datasetArn = dataset.arn;
      const buckets = context.bucketsFor(use);
      await requireSize(context, buckets, dataLocation, importMode);
      const sealing = await keys?.ofDataset(datasetArn);
      const folder = join(workFolder, `import-${job.id}-${job.attempt}`);
      const { files, report } = await context
        .importCsv(
          {
            buckets,
            store,
            location: dataLocation,
            ...table,
            badRows: settings.badRows,
            targetPrefix: sealedPrefix(targetPrefix, sealing),
            sealing,
            workFolder: folder,
          },
          progress,
        )
        .catch(async (error: unknown) => {
          if (error instanceof BadRowsError) await keepReportOfFailure(context, job, error.report, sealing);
          throw error;
        })
        .finally(() => rm(folder, { recursive: true, force: true }));
      // Of records with the same id the one that came last counts: those that are in the log came before this import.
      await compactNow(context, job, datasetArn, progress.signal);
      const attributed = await attributeImport(context, {
        ...{ dataset, files, importJob: use.source, schema: table.schema, workFolder: folder },
        prefix: sealedPrefix(targetPrefix, sealing),
        signal: progress.signal,
      }).finally(() => rm(folder, { recursive: true, force: true }));
      return {
        async commit(tx) {
          if (importMode === 'FULL') {
            const replaced = await replaceDatasetFiles(tx.db, datasetArn, job.resourceArn, files, tx.now);
            const keys = replaced.map(({ key }) => key);
            await noteUnreferenced(tx.db, keys, tx.now);
          } else {
            await appendDatasetFiles(tx.db, datasetArn, job.resourceArn, files, tx.now);
          }
          await forgetUnreferenced(tx.db, [targetPrefix]);
          const attributionReport = await attributed?.commit(tx);
          const importJob = await resourceOf(tx, datasetImportJobKind, job);
          await keepReport(tx, importJob, report, 'ACTIVE', sealing, attributionReport);
          if (attributionReport) await enqueue(tx, datasetImportJobKind, 'report-attribution', importJob);
        },
        async afterwards() {
          logReport(context, job, report);
          await context.answers.views.keeper.look();
        },
      };
    },
    async fail(tx, job, failureReason) {
      const importJob = await resourceOf(tx, datasetImportJobKind, job);
      await changeResource(tx, importJob, { status: 'CREATE FAILED', document: { failureReason } });
    },
  };
}

async function begin(tx: Transaction, job: Job) {
  const importJob = await resourceOf(tx, datasetImportJobKind, job);
  await changeResource(tx, importJob, { status: 'CREATE IN_PROGRESS' });
  const dataset = await findResource(tx.db, datasetKind, importJob.parent ?? '');
  const schema = dataset && (await findResource(tx.db, schemaKind, dataset.document.schemaArn));
  if (!schema) throw new Error(`${importJob.arn} has no dataset with a schema.`);
  const targetPrefix = `${importJob.document.prefix}${randomUUID()}/`;
  await beginWriting(tx.db, [targetPrefix], tx.now, job.id);
  return {
    ...importJob.document,
    targetPrefix,
    use: { roleArn: importJob.document.roleArn, source: importJob },
    dataset,
    table: {
      schema: parseDatasetSchema(schema.document.schema, schema.document.domain).schema,
      type: dataset.document.datasetType,
    },
  };
}

/** A look at a failed import says more than its reason. */
async function keepReportOfFailure(
  context: Context,
  job: Job,
  report: ImportReport,
  sealing: GroupKey | undefined,
): Promise<void> {
  await job.transaction(async (tx) => {
    const importJob = await resourceOf(tx, datasetImportJobKind, job);
    await keepReport(tx, importJob, report, importJob.status, sealing);
  });
  logReport(context, job, report);
}

async function keepReport(
  tx: Transaction,
  importJob: DatasetImportJob,
  { problems, ...rows }: ImportReport,
  status: DatasetImportJob['status'],
  sealing: GroupKey | undefined,
  attributionReport?: AttributionReport,
): Promise<void> {
  await changeResource(tx, importJob, { status, document: { rows, attributionReport } });
  await keepImportProblems(tx.db, importJob.arn, problems, sealing);
}

function logReport({ log }: Context, { resourceArn }: Job, { problems, ...rows }: ImportReport): void {
  if (problems.length === 0) return;
  const first = problems.slice(0, loggedProblems).map(describeProblem);
  log.warn({ resource: resourceArn, ...rows, first }, 'An import has bad rows: openpersonalize imports shows them.');
}

/** @throws WorkFailed if the files are more than one job may import (spec quotas.md §1). */
async function requireSize(
  { settings }: Context,
  buckets: Buckets,
  location: string,
  mode: DatasetImportJob['document']['importMode'],
) {
  const { bytesPerFullImport, bytesPerIncrementalImport } = settings.quotas;
  const limit = mode === 'FULL' ? bytesPerFullImport : bytesPerIncrementalImport;
  const sources = await findSources(buckets, location).catch((error: unknown) => {
    throw asImportError(error);
  });
  const bytes = sources.reduce((sum, source) => sum + source.bytes, 0);
  if (bytes <= limit) return;
  throw new WorkFailed(
    `The files at ${location} have ${bytes} bytes; an import job of mode ${mode} takes no more than ${limit}.`,
  );
}
