import { noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { datasetImportJobKind } from './dataset-import-job-kind.ts';

/** Brings the report of an import to its place: the same object however often it is done. */
export const attributionReport = (context: Context): JobHandler => ({
  async run(job) {
    const { database, store, bucketsFor } = context;
    const importJob = await findResource(database, datasetImportJobKind, job.resourceArn);
    const report = importJob?.document.attributionReport;
    if (importJob && report) {
      const { roleArn, attributionArn, bucket, key, object } = report;
      const source = { account: importJob.account, arn: attributionArn };
      const place = bucketsFor({ roleArn, source }).bucket(bucket);
      await place.write(key, await store.read(object));
    }
    return { commit: (tx) => forgetReport(tx, job) };
  },
  async fail(tx, job, reason) {
    await forgetReport(tx, job);
    const { resourceArn: resource } = job;
    context.log.error({ resource, reason }, 'The report of an import on its metrics could not be written.');
  },
});

async function forgetReport(tx: Transaction, job: Job): Promise<void> {
  const importJob = await resourceOf(tx, datasetImportJobKind, job);
  const { attributionReport: report } = importJob.document;
  if (!report) return;
  await changeResource(tx, importJob, { document: { attributionReport: undefined } });
  await noteUnreferenced(tx.db, [report.object], tx.now);
}
