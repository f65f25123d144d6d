import { invalidInput } from '../../contract/errors.ts';
import { importProblems } from '../../data/import/import-problems.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { findResource } from '../resources/resource-store.ts';
import { type DatasetImportJob, datasetImportJobKind } from './dataset-import-job-kind.ts';
import { datasetKind } from './dataset-kind.ts';

const mostImports = 20;

/** How many problems of each import are shown unless the caller says. */
const defaultLimit = 20;

/**
 * Shows a person what imports have left out: the newest import jobs, each with the number of its rows and what was
 * wrong with them. The API has no place for it.
 */
export const importInspectionHandlers = (context: Context): HandlersOf<'ListImports'> => ({
  async ListImports({ job, dataset, limit = defaultLimit }, { account }) {
    const jobs =
      job === undefined ? await newestJobs(context, account, dataset) : [await jobNamed(context, account, job)];
    const imports = jobs.map(async ({ arn, parent, status, createdAt, document }) => {
      const { dataLocation, failureReason, rows } = document;
      const problems = (await importProblems(context.database, context.keys, arn)).slice(0, limit);
      const facts = { datasetImportJobArn: arn, datasetArn: parent, dataLocation, status, failureReason, createdAt };
      return { ...facts, ...rows, problems };
    });
    return { imports: await Promise.all(imports) };
  },
});

/** @throws ServiceError InvalidInputException */
async function jobNamed({ database }: Context, account: string, arn: string): Promise<DatasetImportJob> {
  const job = await findResource(database, datasetImportJobKind, arn);
  if (job?.account !== account) throw invalidInput(`There is no dataset import job ${arn}: give its ARN.`);
  return job;
}

/** @throws ServiceError InvalidInputException if the account has no such dataset */
async function newestJobs({ database }: Context, account: string, dataset: string | undefined) {
  if (dataset !== undefined) {
    const found = await findResource(database, datasetKind, dataset);
    if (found?.account !== account) throw invalidInput(`There is no dataset ${dataset}: give its ARN.`);
  }
  const jobs = database
    .selectFrom('resources')
    .select('arn')
    .where('kind', '=', datasetImportJobKind.name)
    .where('account', '=', account);
  const rows = await (dataset === undefined ? jobs : jobs.where('parent', '=', dataset))
    .orderBy('sequence', 'desc')
    .limit(mostImports)
    .execute();
  const found = await Promise.all(rows.map(({ arn }) => findResource(database, datasetImportJobKind, arn)));
  return found.filter((it) => it !== undefined);
}
