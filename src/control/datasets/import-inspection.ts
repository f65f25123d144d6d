import { invalidInput } from '../../contract/errors.ts';
import type { ListedProblem, RowCounts } from '../../data/import/bad-rows.ts';
import { importProblems } from '../../data/import/import-problems.ts';
import type { Context } from '../context.ts';
import type { Resource } from '../resources/resource.ts';
import { findResource } from '../resources/resource-store.ts';

export type ImportInspectionRequest = {
  /** Only this import job. */
  readonly job?: string | undefined;
  /** Only import jobs of this dataset. */
  readonly dataset?: string | undefined;
  /** Most problems of each job, 1 to 1,000. */
  readonly limit: number;
};

export type InspectedImport = Partial<RowCounts> & {
  readonly datasetImportJobArn: string;
  readonly datasetArn: string | null;
  readonly dataLocation: string;
  readonly status: string;
  readonly failureReason?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly problems: readonly ListedProblem[];
};

export type ImportInspection = {
  /** Newest first. */
  readonly imports: readonly InspectedImport[];
};

export type InspectImports = (request: ImportInspectionRequest) => Promise<ImportInspection>;

const mostImports = 20;

/**
 * For a person who asks what an import has left out: the newest import jobs, each with the number of its rows and what
 * was wrong with them. The API has no place for it.
 *
 * @throws ServiceError InvalidInputException if there is no such job or dataset
 */
export function importInspection(context: Context): InspectImports {
  return async ({ job, dataset, limit }) => {
    const jobs = job === undefined ? await newestJobs(context, dataset) : [await jobNamed(context, job)];
    const imports = jobs.map(async ({ arn, parent, status, createdAt, document }): Promise<InspectedImport> => {
      const { dataLocation, failureReason, rows } = document;
      const problems = (await importProblems(context.database, arn)).slice(0, limit);
      const facts = { datasetImportJobArn: arn, datasetArn: parent, dataLocation, status, failureReason, createdAt };
      return { ...facts, ...rows, problems };
    });
    return { imports: await Promise.all(imports) };
  };
}

async function jobNamed({ database }: Context, arn: string): Promise<Resource<'dataset-import-job'>> {
  const job = await findResource(database, 'dataset-import-job', arn);
  if (job === undefined) throw invalidInput(`There is no dataset import job ${arn}: give its ARN.`);
  return job;
}

async function newestJobs({ database }: Context, dataset: string | undefined) {
  if (dataset !== undefined) {
    const found = await findResource(database, 'dataset', dataset);
    if (found === undefined) throw invalidInput(`There is no dataset ${dataset}: give its ARN.`);
  }
  const jobs = database.selectFrom('resources').select('arn').where('kind', '=', 'dataset-import-job');
  const rows = await (dataset === undefined ? jobs : jobs.where('parent', '=', dataset))
    .orderBy('sequence', 'desc')
    .limit(mostImports)
    .execute();
  const found = await Promise.all(rows.map(({ arn }) => findResource(database, 'dataset-import-job', arn)));
  return found.filter((it) => it !== undefined);
}
