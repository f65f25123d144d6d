import { invalidInput } from '../../contract/errors.ts';
import { countsBetween, windowSeconds } from '../../data/attribution/counts.ts';
import type { Context } from '../context.ts';
import { type DatasetGroup, datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { HandlersOf } from '../handler.ts';
import { allResources, selectResources } from '../resources/resource-store.ts';
import { type MetricAttribution, metricAttributionKind } from './metric-attribution-kind.ts';

/** What is shown unless the caller says, in seconds. */
const week = 7 * 86_400;
/** Most intervals of an answer. */
const mostIntervals = 3000;

/** Shows a person what events have been counted to: the service has it in CloudWatch alone. */
export const attributionInspectionHandlers = (context: Context): HandlersOf<'ListAttributionCounts'> => ({
  async ListAttributionCounts({ datasetGroup, from, to, step: given = windowSeconds }, { account }) {
    const { database, clock } = context;
    const attribution = await attributionOf(context, await groupNamed(context, account, datasetGroup));
    const step = Math.ceil(given / windowSeconds) * windowSeconds;
    const end = to ?? Math.floor(clock.now() / 1000) + 1;
    const begin = Math.floor((from ?? end - week) / step) * step;
    if (begin >= end) throw invalidInput('There is no time between from and to: from must be before to.');
    if ((end - begin) / step > mostIntervals) {
      throw invalidInput(`More than ${mostIntervals} intervals lie between from and to: choose a larger step.`);
    }
    const { metrics } = attribution.document;
    return {
      datasetGroupArn: attribution.parent ?? '',
      metricAttributionArn: attribution.arn,
      status: attribution.status,
      ...{ from: begin, to: end, step },
      metrics: metrics.map(({ metricName, eventType, expression }) => ({ metricName, eventType, expression })),
      counts: summed(attribution, await countsBetween(database, attribution.arn, { from: begin, to: end, step })),
    };
  },
});

function summed({ document }: MetricAttribution, counts: Awaited<ReturnType<typeof countsBetween>>) {
  const names = new Map(document.metrics.map(({ number, metricName }) => [number, metricName]));
  return counts.flatMap(({ metric, source, time, value }) => {
    const metricName = names.get(metric);
    return metricName === undefined ? [] : [{ metricName, source, time, value }];
  });
}

/** @throws ServiceError InvalidInputException unless it is one dataset group of the account */
async function groupNamed({ database }: Context, account: string, named: string): Promise<DatasetGroup> {
  const groups = (await allResources(database, [datasetGroupKind])).filter(
    (group) => group.account === account && (group.arn === named || group.name === named),
  );
  const [group, another] = groups;
  if (!group) throw invalidInput(`There is no dataset group ${named}: give its name or its ARN.`);
  if (another) throw invalidInput(`There are several dataset groups ${named}, in ${regions(groups)}: give the ARN.`);
  return group;
}

const regions = (groups: readonly DatasetGroup[]) => groups.map(({ region }) => region).join(' and ');

async function attributionOf(
  { database }: Context,
  { arn: parent, account, region }: DatasetGroup,
): Promise<MetricAttribution> {
  const attributions = await selectResources(database, metricAttributionKind, { account, region, parent });
  const attribution = attributions.find(({ status }) => status === 'ACTIVE') ?? attributions[0];
  if (attribution) return attribution;
  throw invalidInput(`Dataset group ${parent} has no metric attribution: CreateMetricAttribution makes one.`);
}
