import { arnPaths } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import { type DatasetSchema, parseDatasetSchema } from '../../data/dataset-schema.ts';
import type { DatasetType } from '../../data/dataset-types.ts';
import { clearDataset } from '../../data/manifest.ts';
import { type CommonDocument, defineKind, type ResourceOf, type Update, use } from '../resources/kind.ts';
import { type LifeCycle, settingsLife } from '../resources/lifecycle.ts';
import { findResource, selectResources } from '../resources/resource-store.ts';
import { datasetGroupKind } from './dataset-group-kind.ts';
import { type Schema, schemaKind } from './schema-kind.ts';

/** A dataset shows the replacement of its schema in its own status too, which is ACTIVE again however it ended. */
const life = {
  first: settingsLife.first,
  steps: {
    ...settingsLife.steps,
    ACTIVE: ['UPDATE PENDING'],
    'UPDATE PENDING': ['UPDATE IN_PROGRESS', 'ACTIVE'],
    'UPDATE IN_PROGRESS': ['ACTIVE'],
  },
  updateSteps: {
    'UPDATE PENDING': ['UPDATE IN_PROGRESS', 'UPDATE FAILED'],
    'UPDATE IN_PROGRESS': ['ACTIVE', 'UPDATE FAILED'],
    ACTIVE: ['UPDATE PENDING'],
    'UPDATE FAILED': ['UPDATE PENDING'],
  },
} as const satisfies LifeCycle;

export type DatasetUpdateStatus = keyof typeof life.updateSteps;

type DatasetDocument = CommonDocument & {
  readonly datasetType: DatasetType;
  readonly schemaArn: string;
  /** Of an Action_Interactions dataset: what PutActionInteractions names. */
  readonly trackingId?: string;
  readonly latestUpdate?: Update<DatasetUpdateStatus, { readonly schemaArn: string }>;
};

export const datasetKind = defineKind<DatasetDocument>()({
  name: 'dataset',
  arnPath: arnPaths.dataset,
  life,
  isTaggable: true,
  parent: datasetGroupKind,
  uses: [use(schemaKind, datasetsOfSchema, 'is used by dataset')],
  jobs: { 'update-dataset': { pool: 'quick' }, 'compact-records': { pool: 'compaction' } },
  async release({ db }, { arn }) {
    return (await clearDataset(db, arn)).map(({ key }) => key);
  },
});

export type Dataset = ResourceOf<typeof datasetKind>;

/** Those that have the schema, or are about to. */
async function datasetsOfSchema(db: Database, { arn, account, region }: Schema): Promise<Dataset[]> {
  const datasets = await selectResources(db, datasetKind, { account, region });
  return datasets.filter(
    ({ document: { schemaArn, latestUpdate } }) => schemaArn === arn || latestUpdate?.schemaArn === arn,
  );
}

/** The columns that a dataset has now. */
export async function schemaOf(db: Database, { arn, document }: Dataset): Promise<DatasetSchema> {
  const schema = await findResource(db, schemaKind, document.schemaArn);
  if (!schema) throw new Error(`${arn} has no schema.`);
  return parseDatasetSchema(schema.document.schema, schema.document.domain).schema;
}
