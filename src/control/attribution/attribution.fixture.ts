import { allTotals, countsBetween } from '../../data/attribution/counts.ts';
import { arnFor, type Bench, itemsSchema, steps } from '../control.fixture.ts';

const field = (name: string, type: string | string[]) => ({ name, type });

export const valuedSchema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => field(name, 'string')),
    field('TIMESTAMP', 'long'),
    field('EVENT_VALUE', ['null', 'float']),
    field('QUANTITY', ['null', 'int']),
    field('RECOMMENDATION_ID', ['null', 'string']),
    field('EVENT_ATTRIBUTION_SOURCE', ['null', 'string']),
  ],
  version: '1.0',
});
export const pricedSchema = itemsSchema(field('PRICE', 'float'));

export const roleArn = 'arn:aws:iam::123456789012:role/metrics';
export const attributionArn = arnFor('metric-attribution/shop');

export const metrics = [
  { eventType: 'Click', metricName: 'clicks', expression: 'SAMPLECOUNT()' },
  { eventType: 'purchase', metricName: 'quantity', expression: 'SUM(Interactions.QUANTITY)' },
  { eventType: 'purchase', metricName: 'revenue', expression: 'SUM(Items.PRICE)' },
];

/** A dataset group whose events and items have numbers, with a tracker. */
export async function shop(bench: Bench) {
  const step = steps(bench);
  const group = await step.group('shop');
  const dataset = await step.dataset(group, await step.schema('valued', valuedSchema));
  const items = await step.dataset(group, await step.schema('priced', pricedSchema), 'Items');
  const { trackingId = '' } = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: group });
  return { group, dataset, items, trackingId };
}

export async function attribute(bench: Bench, group: string, more: object = {}): Promise<string> {
  const input = { name: 'shop', datasetGroupArn: group, metrics, metricsOutputConfig: { roleArn }, ...more };
  await bench.call('CreateMetricAttribution', input);
  return await bench.settled(attributionArn);
}

/** What was counted: `metric source window` with its value. */
export async function counted({ parts }: Bench): Promise<Record<string, number>> {
  const counts = await countsBetween(parts.database, attributionArn, { from: 0, to: 4e9, step: 900 });
  return Object.fromEntries(counts.map(({ metric, source, time, value }) => [`${metric} ${source} ${time}`, value]));
}

/** The same over all windows. */
export async function totals({ parts }: Bench): Promise<Record<string, number>> {
  const all = await allTotals(parts.database);
  return Object.fromEntries(all.map(({ metric, source, value }) => [`${metric} ${source}`, value]));
}
