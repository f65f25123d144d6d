import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addCounts,
  type CountedMore,
  holdAttribution,
  sourcesOf,
  undefinedSource,
} from '../../data/attribution/counts.ts';
import { countImport } from '../../data/attribution/import-counts.ts';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';
import type { DatasetFile } from '../../data/manifest.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import { pinDataset } from '../../data/records/pinned-dataset.ts';
import { type MetricAttribution, metricAttributionKind, sumsItems } from '../attribution/metric-attribution-kind.ts';
import type { Context } from '../context.ts';
import { ownerCandidates } from '../deployments/owner-candidates.ts';
import { findResource, selectResources } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { AttributionReport, DatasetImportJob } from './dataset-import-job-kind.ts';
import { type Dataset, datasetKind, schemaOf } from './dataset-kind.ts';

/** An import whose files are in the store, and which is not visible yet. */
export type ReadyImport = {
  readonly importJob: DatasetImportJob;
  readonly dataset: Dataset;
  readonly schema: DatasetSchema;
  readonly files: readonly DatasetFile[];
  /** What the keys of its objects in the store begin with. */
  readonly prefix: string;
  readonly workFolder: string;
  readonly signal: AbortSignal;
};

/** What is attributed of an import, to be added in the transaction that makes it visible. */
export type AttributedImport = {
  /** @returns the report that is to be brought to its place, if there is one */
  commit(tx: Transaction): Promise<AttributionReport | undefined>;
};

/**
 * Counts the rows of an import of interactions for the metric attribution of its group: those of INCREMENTAL mode add
 * to what is counted, and a report is made where the import asks for one. Undefined where nothing is to be counted.
 */
export async function attributeImport(context: Context, ready: ReadyImport): Promise<AttributedImport | undefined> {
  const { dataset, importJob } = ready;
  const { account, region, parent } = dataset;
  if (dataset.document.datasetType !== 'INTERACTIONS' || parent === null) return undefined;
  const active = { account, region, parent, statuses: ['ACTIVE'] };
  const [attribution] = await selectResources(context.database, metricAttributionKind, active);
  if (!attribution) return undefined;
  const { s3DataDestination } = attribution.document.metricsOutputConfig;
  const { publishAttributionMetricsToS3, importMode } = importJob.document;
  const place = publishAttributionMetricsToS3 === true ? s3DataDestination?.path : undefined;
  if (importMode === 'FULL' && place === undefined) return undefined;
  const counted = await countRows(context, attribution, ready, place !== undefined);
  const object = `${ready.prefix}attribution.csv`;
  if (place !== undefined) await context.store.write(object, createReadStream(reportFile(ready)));
  return {
    async commit(tx) {
      const isThere = await holdAttribution(tx.db, attribution.arn);
      const { attributionSources } = context.settings.quotas;
      if (importMode === 'INCREMENTAL' && isThere) {
        await addCounts(tx.db, attribution.arn, counted, attributionSources);
      }
      return place === undefined ? undefined : reportOf(attribution, { object, place, importMode, now: tx.now });
    },
  };
}

const reportFile = ({ workFolder }: ReadyImport) => join(workFolder, 'attribution.csv');

async function countRows(
  context: Context,
  attribution: MetricAttribution,
  ready: ReadyImport,
  reports: boolean,
): Promise<CountedMore[]> {
  const { database, store, settings, clock, records } = context;
  const { schema, workFolder, signal } = ready;
  await mkdir(workFolder, { recursive: true });
  await using copies = new AsyncDisposableStack();
  const files: FilePath[] = [];
  for (const { key } of ready.files) files.push(copies.use(await store.localFile(key)));
  const sources = new Set((await sourcesOf(database, attribution.arn)).keys());
  const { metrics } = attribution.document;
  return await countImport({
    ...{ files, schema, metrics, sources, signal, undefinedSource },
    items: sumsItems(metrics) ? await itemsOf(context, ready) : undefined,
    owners: records.impressions.owners.among(await ownerCandidates(context, attribution, sources)),
    mostSources: settings.quotas.attributionSources,
    now: Math.floor(clock.now() / 1000),
    report: reports ? reportFile(ready) : undefined,
    temporaryFolder: join(workFolder, 'duckdb'),
  });
}

async function itemsOf(context: Context, { dataset, workFolder, signal }: ReadyImport) {
  const datasetArn = dataset.arn.replace(/INTERACTIONS$/, 'ITEMS');
  const items = await findResource(context.database, datasetKind, datasetArn);
  if (!items) return undefined;
  const folder = join(workFolder, 'items');
  const pinned = await pinDataset({
    ...context,
    records: context.records.log,
    datasetArn,
    rows: 'all',
    folder,
    signal,
  });
  return { files: pinned.files, schema: await schemaOf(context.database, items) };
}

type Placed = {
  readonly object: string;
  readonly place: string;
  readonly importMode: string;
  readonly now: number;
};

function reportOf({ arn, document }: MetricAttribution, { object, place, importMode, now }: Placed): AttributionReport {
  const { bucket, key } = parseS3Uri(place);
  const folder = key === '' || key.endsWith('/') ? key : `${key}/`;
  const name = `AggregatedAttributionMetrics - ${importMode} - ${new Date(now).toISOString()}.csv`;
  return { object, bucket, key: folder + name, roleArn: document.metricsOutputConfig.roleArn, attributionArn: arn };
}
