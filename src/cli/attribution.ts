import type { Output } from '../contract/operations.ts';
import { barPlot, sparkline } from '../terminal/plot.ts';
import { table } from '../terminal/table.ts';
import { askAdmin, timeOf } from './ask-admin.ts';
import type { AttributionOptions } from './options/tool-options.ts';

type Counted = Output<'ListAttributionCounts'>;
type Metric = Counted['metrics'][number];
type Count = Counted['counts'][number];

/** What a plot's bars stand for, in seconds: a plot has 60 at most, where they are not longer than the last. */
const hour = 3600;
const steps = [900, 1800, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour, 72 * hour, 168 * hour, 720 * hour];
const mostBars = 60;
const week = 168 * hour;
/** Sources of a table, and the bars of each. */
const mostSources = 12;
const sourceBars = 20;
const plotHeight = 5;

/**
 * Shows what each metric of a dataset group has been counted to, by source and over time.
 *
 * @throws Error with a sentence for a person
 */
export async function showAttribution(options: AttributionOptions, output: NodeJS.WritableStream): Promise<void> {
  const to = options.to === undefined ? Math.floor(Date.now() / 1000) + 1 : secondsOf(options.to);
  const from = options.from === undefined ? to - week : secondsOf(options.from);
  const { datasetGroup } = options;
  const step = options.json ? undefined : steps.find((seconds) => (to - from) / seconds <= mostBars);
  const last = options.json ? {} : { step: step ?? Math.ceil((to - from) / mostBars / 900) * 900 };
  const counted = await askAdmin(options, 'ListAttributionCounts', { datasetGroup, from, to, ...last });
  if (options.json) return void output.write(`${JSON.stringify(counted, null, 2)}\n`);
  const name = counted.datasetGroupArn.split('/').at(-1);
  output.write(`\n  Dataset group ${name}, ${minuteOf(counted.from)} to ${minuteOf(counted.to)} (UTC)\n`);
  if (counted.status !== 'ACTIVE') output.write(`  Its metric attribution is in status ${counted.status}.\n`);
  if (counted.metrics.length === 0) output.write('\n  It has no metrics: UpdateMetricAttribution adds some.\n');
  for (const metric of counted.metrics) output.write(described(metric, counted));
  output.write('\n');
}

function described(metric: Metric, counted: Counted): string {
  const counts = counted.counts.filter(({ metricName }) => metricName === metric.metricName);
  const title = `\n  ${metric.metricName}: ${metric.expression} of ${metric.eventType} events\n`;
  if (counts.length === 0) return `${title}\n  There were none in this time.\n`;
  const bars = Math.max(1, Math.ceil((counted.to - counted.from) / counted.step));
  const plot = barPlot(over(counts, counted, bars), {
    height: plotHeight,
    ends: [minuteOf(counted.from), minuteOf(counted.to)],
    show,
  });
  return `${title}\n${plot}  A bar is ${lengthOf(counted.step)}.\n\n${tableOf(counts, counted)}`;
}

/** Each source with its sum, its share and its course; the largest first. */
function tableOf(counts: readonly Count[], counted: Counted): string {
  const total = sumOf(counts);
  const sources = [...Map.groupBy(counts, ({ source }) => source)]
    .map(([source, own]) => ({ name: nameOf(source), own, sum: sumOf(own) }))
    .sort((one, other) => other.sum - one.sum);
  const shown = sources.slice(0, mostSources);
  const rest = sources.slice(mostSources);
  if (rest.length > 0) {
    const own = rest.flatMap((source) => source.own);
    shown.push({ name: `${rest.length} others`, own, sum: sumOf(own) });
  }
  const courses = shown.map(({ own }) => over(own, counted, sourceBars));
  const largest = Math.max(...courses.flat());
  const rows = shown.map(({ name, sum }, n) => [
    ...[name, show(sum), total > 0 ? `${Math.round((100 * sum) / total)} %` : '–'],
    sparkline(courses[n] ?? [], largest),
  ]);
  return table(columns, [...rows, ['all', show(total), '', '']]);
}

const columns = [
  { title: 'source', limit: 32 },
  ...[{ title: 'sum' }, { title: 'share' }].map((column) => ({ ...column, align: 'right' as const })),
  { title: 'over time' },
];

/** Sums of the bars of a plot. */
function over(counts: readonly Count[], { from, to }: Counted, bars: number): number[] {
  const sums = new Array<number>(bars).fill(0);
  for (const { time, value } of counts) {
    const bar = Math.min(bars - 1, Math.floor((bars * (time - from)) / (to - from)));
    sums[bar] = (sums[bar] ?? 0) + value;
  }
  return sums;
}

const sumOf = (counts: readonly Count[]) => counts.reduce((sum, { value }) => sum + value, 0);

/** A campaign or a recommender without what all ARNs begin with. */
const nameOf = (source: string | undefined) =>
  source === undefined ? '(no source)' : source.replace(/^arn:aws[\w-]*:personalize:[^:]*:\d*:/, '');

const show = (value: number) => value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 1000 ? 2 : 0 });

const lengthOf = (seconds: number): string => {
  if (seconds < hour) return `${seconds / 60} minutes`;
  const hours = seconds / hour;
  if (hours < 24) return hours === 1 ? 'an hour' : `${Number(hours.toFixed(2))} hours`;
  return hours === 24 ? 'a day' : `${Number((hours / 24).toFixed(1))} days`;
};

const minuteOf = (seconds: number) => timeOf(1000 * seconds).slice(0, 16);

const secondsOf = (text: string) => Math.floor(Date.parse(text) / 1000);
