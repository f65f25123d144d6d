import { allTotals, undefinedSource } from '../../data/attribution/counts.ts';
import type { Context } from '../context.ts';
import { allResources } from '../resources/resource-store.ts';
import { metricAttributionKind } from './metric-attribution-kind.ts';

/** What a metric of a dataset group has been counted to since it was added, from one source. */
export type AttributedTotal = {
  readonly datasetGroupArn: string;
  readonly metricName: string;
  readonly eventType: string;
  readonly source: string;
  readonly value: number;
};

/**
 * Of all attributions: a metric and a source each, so that there is a bound to how many there are. None while the
 * database does not answer, which other metrics need not wait for.
 */
export async function attributedTotals(context: Pick<Context, 'database' | 'log'>): Promise<AttributedTotal[]> {
  return await readTotals(context).catch((error: unknown) => {
    context.log.warn({ err: error }, 'What events have been counted to could not be read for /metrics.');
    return [];
  });
}

async function readTotals({ database }: Pick<Context, 'database'>): Promise<AttributedTotal[]> {
  const attributions = await allResources(database, [metricAttributionKind]);
  if (attributions.length === 0) return [];
  const metrics = new Map(
    attributions.flatMap(({ arn, parent, document }) =>
      document.metrics.map((metric) => [`${arn} ${metric.number}`, { ...metric, parent }] as const),
    ),
  );
  return (await allTotals(database)).flatMap(({ arn, metric: number, source = undefinedSource, value }) => {
    const metric = metrics.get(`${arn} ${number}`);
    if (!metric) return [];
    const { metricName, eventType, parent } = metric;
    return [{ datasetGroupArn: parent ?? '', metricName, eventType, source, value }];
  });
}
