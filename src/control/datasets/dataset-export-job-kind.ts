import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import type { IngestionMode } from '../../data/export/export-location.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { creationLife } from '../resources/lifecycle.ts';
import { datasetKind } from './dataset-kind.ts';

type DatasetExportJobDocument = CommonDocument &
  Pick<Input<'CreateDatasetExportJob'>, 'jobOutput' | 'roleArn'> & { readonly ingestionMode: IngestionMode };

/** An export job stays for as long as its dataset. */
export const datasetExportJobKind = defineKind<DatasetExportJobDocument>()({
  name: 'dataset-export-job',
  arnPath: arnPaths['dataset-export-job'],
  life: creationLife,
  isTaggable: true,
  parent: datasetKind,
  goesWithParent: true,
  jobs: { 'export-dataset': { pool: 'import', startsWithResource: true } },
});

export type DatasetExportJob = ResourceOf<typeof datasetExportJobKind>;
