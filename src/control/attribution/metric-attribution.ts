import { arnOf } from '../../contract/arn.ts';
import { invalidInput, limitExceeded } from '../../contract/errors.ts';
import { forgetMetrics, lastLogPosition } from '../../data/attribution/counts.ts';
import { ObjectStoreError } from '../../data/objects/object-store.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import type { Context } from '../context.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { getActive } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOf, pageOfResources } from '../resources/pages.ts';
import { changeResource, getResource } from '../resources/resource-store.ts';
import { timesOf } from '../resources/summaries.ts';
import { type MetricAttribution, type MetricsOutputConfig, metricAttributionKind } from './metric-attribution-kind.ts';
import { addedMetrics, requireEventType, schemasOf } from './metrics.ts';

type AttributionOperation =
  | 'CreateMetricAttribution'
  | 'DescribeMetricAttribution'
  | 'ListMetricAttributions'
  | 'ListMetricAttributionMetrics'
  | 'UpdateMetricAttribution'
  | 'DeleteMetricAttribution';

export function metricAttributionHandlers(context: Context): HandlersOf<AttributionOperation> {
  const { database, transaction, settings } = context;
  const most = settings.quotas.metricsPerMetricAttribution;
  return {
    async CreateMetricAttribution({ name, datasetGroupArn, metrics: asked, metricsOutputConfig }, caller) {
      const arn = arnOf(caller, metricAttributionKind.arnPath, { name });
      checkOutput(metricsOutputConfig);
      await transaction(caller.account, async (tx) => {
        const group = await getActive(tx.db, datasetGroupKind, datasetGroupArn, caller);
        const schemas = await schemasOf(tx.db, group);
        requireEventType(schemas, group);
        const metrics = addedMetrics(asked, {
          ...{ arn, present: [], nextNumber: 1, most, schemas, since: 0 },
          tooMany: limitExceeded,
        });
        const document = { metrics, nextNumber: metrics.length + 1, metricsOutputConfig };
        const draft = { arn, name, parent: group.arn, document };
        await createResource(tx, metricAttributionKind, settings, caller, draft);
      });
      return { metricAttributionArn: arn };
    },

    async DescribeMetricAttribution({ metricAttributionArn }, caller) {
      const attribution = await getResource(database, metricAttributionKind, metricAttributionArn, caller);
      const { parent, document } = attribution;
      const { metricsOutputConfig } = document;
      return {
        metricAttribution: { ...summaryOf(attribution), datasetGroupArn: parent ?? undefined, metricsOutputConfig },
      };
    },

    async ListMetricAttributions({ datasetGroupArn, ...page }, caller) {
      const found = await pageOfResources(database, metricAttributionKind, caller, page, datasetGroupArn);
      return { metricAttributions: found.resources.map(summaryOf), nextToken: found.nextToken };
    },

    async ListMetricAttributionMetrics({ metricAttributionArn, ...page }, caller) {
      // The model calls the ARN optional, and lists none of its errors for one that is unknown.
      if (metricAttributionArn === undefined) throw invalidInput('metricAttributionArn is required.');
      const { document } = await getResource(database, metricAttributionKind, metricAttributionArn, caller);
      const { items, nextToken } = pageOf(document.metrics, `metrics of ${metricAttributionArn}`, page);
      const metrics = items.map(({ eventType, metricName, expression }) => ({ eventType, metricName, expression }));
      return { metrics, nextToken };
    },

    async UpdateMetricAttribution({ metricAttributionArn = '', addMetrics = [], removeMetrics = [], ...rest }, caller) {
      const { metricsOutputConfig } = rest;
      if (metricsOutputConfig) checkOutput(metricsOutputConfig);
      await transaction(caller.account, async (tx) => {
        const attribution = await getActive(tx.db, metricAttributionKind, metricAttributionArn, caller);
        const { arn, parent, document } = attribution;
        const group = await getResource(tx.db, datasetGroupKind, parent ?? '', caller);
        const gone = new Set(removeMetrics.map((metricName) => metricName.toUpperCase()));
        const isGone = ({ metricName }: { readonly metricName: string }) => gone.has(metricName.toUpperCase());
        requireAll(attribution, removeMetrics);
        const present = document.metrics.filter((metric) => !isGone(metric));
        const [schemas, since] = [await schemasOf(tx.db, group), await lastLogPosition(tx.db)];
        const { nextNumber } = document;
        const added = addedMetrics(addMetrics, {
          ...{ arn, present, nextNumber, most, schemas, since },
          tooMany: invalidInput, // the operation declares no error for a limit
        });
        await forgetMetrics(
          tx.db,
          arn,
          document.metrics.filter(isGone).map(({ number }) => number),
        );
        await changeResource(tx, attribution, {
          document: {
            metrics: [...present, ...added],
            nextNumber: nextNumber + added.length,
            ...(metricsOutputConfig && { metricsOutputConfig }),
          },
        });
      });
      return { metricAttributionArn };
    },

    /** What was counted goes with it. */
    async DeleteMetricAttribution({ metricAttributionArn }, caller) {
      await deleteResource(context, metricAttributionKind, metricAttributionArn, caller);
      return {};
    },
  };
}

/** @throws ServiceError InvalidInputException unless reports go to a place in a bucket, if anywhere */
function checkOutput({ s3DataDestination }: MetricsOutputConfig): void {
  if (!s3DataDestination) return;
  try {
    parseS3Uri(s3DataDestination.path);
  } catch (error) {
    throw error instanceof ObjectStoreError ? invalidInput(`Invalid S3 output path: ${error.message}`) : error;
  }
}

/** @throws ServiceError InvalidInputException for a name that is none of its metrics */
function requireAll({ arn, document }: MetricAttribution, names: readonly string[]): void {
  const present = new Set(document.metrics.map(({ metricName }) => metricName.toUpperCase()));
  const unknown = names.find((name) => !present.has(name.toUpperCase()));
  if (unknown !== undefined) throw invalidInput(`Metric attribution ${arn} has no metric ${unknown} to remove.`);
}

function summaryOf(attribution: MetricAttribution) {
  const { name, arn, status, document } = attribution;
  const { failureReason } = document;
  return { name, metricAttributionArn: arn, status, failureReason, ...timesOf(attribution) };
}
