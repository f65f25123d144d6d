import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { appendDatasetFiles, type ListedFile, replaceDatasetFiles } from '../../data/datasets.ts';
import { asImportError } from '../../data/import/import-error.ts';
import { findSources } from '../../data/import/location.ts';
import type { Change } from '../change.ts';
import type { Context } from '../parts.ts';
import { changeResource, findResource } from '../resource-store.ts';
import { compactNow } from './compaction.ts';
import { type Job, type JobKind, WorkFailed } from './job.ts';
import { subjectOf } from './subject.ts';

/**
 * Reads the caller's files into the server's store; one transaction then makes them the dataset's data, or adds them to it,
 * and the job ACTIVE. Files of an earlier attempt are of no use and go first; files that are replaced go last.
 */
export function datasetImport(context: Context): JobKind {
  const { store, workFolder } = context;
  return {
    lane: 'import',
    async run(job, watch) {
      const { importMode, dataLocation, prefix, schema, datasetArn } = await job.change((change) => begin(change, job));
      await store.removeAll(prefix);
      await requireSize(context, dataLocation, importMode);
      const folder = join(workFolder, `import-${job.id}-${job.attempt}`);
      const files = await context
        .importCsv(
          {
            ...{ buckets: context.buckets, store, location: dataLocation, schema },
            ...{ targetPrefix: `${prefix}${job.attempt}/`, workFolder: folder },
          },
          watch,
        )
        .finally(() => rm(folder, { recursive: true, force: true }));
      // Of records with the same id the one that came last counts: those that are in the log came before this import.
      await compactNow(context, job, datasetArn, watch.signal);
      let replaced: ListedFile[] = [];
      return {
        async commit(change) {
          if (importMode === 'FULL') {
            replaced = await replaceDatasetFiles(change.trx, datasetArn, job.resourceArn, files, change.now);
          } else {
            await appendDatasetFiles(change.trx, datasetArn, job.resourceArn, files, change.now);
          }
          await changeResource(change, await subjectOf(change, 'dataset-import-job', job), { status: 'ACTIVE' });
        },
        async afterwards() {
          for (const { key } of replaced) await store.remove(key);
        },
      };
    },
    async fail(change, job, failureReason) {
      const importJob = await subjectOf(change, 'dataset-import-job', job);
      await changeResource(change, importJob, { status: 'CREATE FAILED', document: { failureReason } });
    },
  };
}

async function begin(change: Change, job: Job) {
  const importJob = await subjectOf(change, 'dataset-import-job', job);
  await changeResource(change, importJob, { status: 'CREATE IN_PROGRESS' });
  const dataset = await findResource(change.trx, 'dataset', importJob.parent ?? '');
  const schema = dataset && (await findResource(change.trx, 'schema', dataset.document.schemaArn));
  if (!schema) throw new Error(`${importJob.arn} has no dataset with a schema.`);
  return {
    ...importJob.document,
    datasetArn: dataset.arn,
    schema: parseDatasetSchema(schema.document.schema).schema,
  };
}

/** @throws WorkFailed if the files are more than one job may import (spec quotas.md §1). */
async function requireSize({ buckets, settings }: Context, location: string, mode: 'FULL' | 'INCREMENTAL') {
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
