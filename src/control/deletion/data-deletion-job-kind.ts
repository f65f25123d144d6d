import { arnPaths } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import type { LifeCycle } from '../resources/lifecycle.ts';

/** These jobs alone have statuses without CREATE (spec batch.md §1). */
const life = {
  first: 'PENDING',
  steps: {
    PENDING: ['IN_PROGRESS', 'FAILED'],
    IN_PROGRESS: ['COMPLETED', 'FAILED'],
    COMPLETED: [],
    FAILED: [],
  },
} as const satisfies LifeCycle;

type DataDeletionJobDocument = CommonDocument & {
  readonly dataLocation: string;
  readonly roleArn: string;
  /** Rows that have been removed from the datasets so far. */
  readonly numDeleted?: number;
  /** By dataset: up to which position of the record log its records are searched. Later ones are new data. */
  readonly watermarks?: Readonly<Record<string, number>>;
  /** Once nothing but free space of the database may hold the users. */
  readonly isForgotten?: true;
};

/** A data deletion job stays for as long as its dataset group. */
export const dataDeletionJobKind = defineKind<DataDeletionJobDocument>()({
  name: 'data-deletion-job',
  arnPath: arnPaths['data-deletion-job'],
  life,
  isTaggable: true,
  parent: datasetGroupKind,
  goesWithParent: true,
  quotas: [{ name: 'pendingDeletionJobs', most: 5, counts: 'unfinished', among: async (_db, groupArn) => [groupArn] }],
  jobs: { 'delete-users': { pool: 'deletion', startsWithResource: true, isSerial: true } },
});

export type DataDeletionJob = ResourceOf<typeof dataDeletionJobKind>;

/** Positions of a dataset's log that no compaction may write a file across, while a job looks at what is before. */
export async function deletionWatermarks(
  db: Database,
  datasetGroupArn: string,
  datasetArn: string,
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom('resources')
    .select('document')
    .where('kind', '=', dataDeletionJobKind.name)
    .where('parent', '=', datasetGroupArn)
    .where('status', '=', 'IN_PROGRESS')
    .execute();
  const documents = rows.map(({ document }): DataDeletionJobDocument => JSON.parse(document));
  return documents.flatMap(({ watermarks = {} }) => watermarks[datasetArn] ?? []);
}
