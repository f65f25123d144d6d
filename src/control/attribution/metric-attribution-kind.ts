import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import { forgetAttribution } from '../../data/attribution/counts.ts';
import type { MetricExpression } from '../../data/attribution/expression.ts';
import type { Database } from '../../data/database/database.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import { type CommonDocument, defineKind, type ResourceOf, use } from '../resources/kind.ts';
import { creationLife } from '../resources/lifecycle.ts';
import { selectResources } from '../resources/resource-store.ts';

export type MetricsOutputConfig = Input<'CreateMetricAttribution'>['metricsOutputConfig'];

/** A metric as it was asked for, and as it is counted. */
export type AttributionMetric = {
  readonly metricName: string;
  readonly eventType: string;
  /** As it was written … */
  readonly expression: string;
  /** … and as it was read, with the column's name in the schema. */
  readonly parsed: MetricExpression;
  /** Stands for it in the counts. A metric that is removed and added again has another. */
  readonly number: number;
  /** Only entries of the record log after this position count. */
  readonly since: number;
};

type MetricAttributionDocument = CommonDocument & {
  readonly metrics: readonly AttributionMetric[];
  /** The number that the next metric gets. */
  readonly nextNumber: number;
  readonly metricsOutputConfig: MetricsOutputConfig;
};

export const metricAttributionKind = defineKind<MetricAttributionDocument>()({
  name: 'metric-attribution',
  arnPath: arnPaths['metric-attribution'],
  life: creationLife,
  isTaggable: false,
  parent: datasetGroupKind,
  quotas: [
    { name: 'metricAttributionsPerDatasetGroup', most: 1, counts: 'live', among: async (_db, group) => [group] },
  ],
  uses: [use(datasetKind, attributionsOf)],
  jobs: { 'create-metric-attribution': { pool: 'quick', startsWithResource: true } },
  async release({ db }, { arn }) {
    await forgetAttribution(db, arn);
    return [];
  },
});

export type MetricAttribution = ResourceOf<typeof metricAttributionKind>;

/** Events come into the Interactions dataset; the Items dataset is needed where a metric sums a column of it. */
async function attributionsOf(
  db: Database,
  { account, region, parent, document: { datasetType } }: Dataset,
): Promise<MetricAttribution[]> {
  if (parent === null) return [];
  const attributions = await selectResources(db, metricAttributionKind, { account, region, parent });
  return attributions.filter(
    ({ document: { metrics } }) => datasetType === 'INTERACTIONS' || (datasetType === 'ITEMS' && sumsItems(metrics)),
  );
}

export const sumsItems = (metrics: readonly AttributionMetric[]): boolean =>
  metrics.some(({ parsed }) => parsed.math === 'sum' && parsed.dataset === 'ITEMS');
