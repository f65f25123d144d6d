import { arnPaths } from '../../contract/arn.ts';
import type { RowCounts } from '../../data/import/bad-rows.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { creationLife } from '../resources/lifecycle.ts';
import { datasetKind } from './dataset-kind.ts';

/** A report in the server's store, and where it is to go. */
export type AttributionReport = {
  /** Key in the store. */
  readonly object: string;
  readonly bucket: string;
  readonly key: string;
  /** Of the metric attribution. */
  readonly roleArn: string;
  readonly attributionArn: string;
};

type DatasetImportJobDocument = CommonDocument & {
  readonly dataLocation: string;
  readonly importMode: 'FULL' | 'INCREMENTAL';
  readonly roleArn?: string;
  /** Prefix in the server's object store below which every attempt has a folder of its own. */
  readonly prefix: string;
  /** Whether a report of its rows goes to where the group's metric attribution says. */
  readonly publishAttributionMetricsToS3?: boolean;
  /** The report, until it is there. */
  readonly attributionReport?: AttributionReport | undefined;
  /** Once its files have been read: how many rows there were, and how many of them were bad. */
  readonly rows?: RowCounts;
};

/** An import job stays for as long as its dataset. */
export const datasetImportJobKind = defineKind<DatasetImportJobDocument>()({
  name: 'dataset-import-job',
  arnPath: arnPaths['dataset-import-job'],
  life: creationLife,
  isTaggable: true,
  parent: datasetKind,
  goesWithParent: true,
  quotas: [{ name: 'unfinishedImportJobs', most: 5, counts: 'unfinished' }],
  // Imports take effect in the order in which they were asked for.
  jobs: {
    'import-dataset': { pool: 'import', startsWithResource: true, isSerial: true },
    'report-attribution': { pool: 'quick' },
  },
  release: async (_tx, { document: { attributionReport } }) => (attributionReport ? [attributionReport.object] : []),
});

export type DatasetImportJob = ResourceOf<typeof datasetImportJobKind>;
