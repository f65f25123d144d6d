import { basename, dirname } from 'node:path';
import { receivedColumn, sessionColumn } from '../src/data/records/event-lines.ts';
import { encodeLine, type Layout } from '../src/data/records/layout.ts';
import { discoveryFrequencies } from '../src/learn/families/trending/parameters.ts';
import { TrendView } from '../src/learn/families/trending/trend-view.ts';
import { uniforms } from '../src/learn/kernels/random.ts';
import { resolveParameters } from '../src/learn/recipes/parameters.ts';
import { trendingNow } from '../src/learn/recipes/trending-now.ts';
import { interactionsFiles } from './dataset-files.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';
import { measureAhead, readInteractions } from './trends/ahead.ts';
import { type Detection, detectDoubled, type ListName, strata } from './trends/doubled.ts';
import { Turns } from './turns.ts';

const limits = { mebibytes: 64, microsecondsAnEvent: 1, falseAlarms: 0.05 };
/** Of the items with most interactions, so many of those whose rate doubled are to be found. */
const leastFound = 0.95;
const day = 86_400;
const now = 1_760_000_000;

/**
 * The view of aws-trending-now: what it holds and how fast it takes events in; what it finds in the simulator, where
 * the rate of some items doubles; and with `--data` what it foresees in real data, beside simpler lists.
 */
export async function benchTrends({ quick, data }: BenchOptions): Promise<BenchResult[]> {
  const seeds = quick ? [0] : [0, 1, 2];
  return [
    ...(await takenIn(quick ? 50_000 : 1_000_000)),
    ...detectionResults(await detectDoubled(seeds, quick, true), await detectDoubled(seeds, quick, false)),
    ...(data === undefined ? [] : await aheadResults(data)),
  ];
}

const layout: Layout = [
  ...[sessionColumn, '$EVENT_ID'].map((name) => ({ name, type: 'string' }) as const),
  { name: receivedColumn, type: 'long' },
  ...['USER_ID', 'ITEM_ID'].map((name) => ({ name, type: 'string' }) as const),
  { name: 'TIMESTAMP', type: 'long' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'EVENT_VALUE', type: 'float' },
  ...['IMPRESSION', 'RECOMMENDATION_ID', 'EVENT_ATTRIBUTION_SOURCE'].map((name) => ({ name, type: 'string' }) as const),
];

/** Events of all items as PutEvents brings them, ten an entry, over two days. */
async function takenIn(items: number): Promise<BenchResult[]> {
  let time = now - 2 * day;
  const view = new TrendView({
    model: 'models/1/',
    datasets: { INTERACTIONS: { arn: 'arn', schema: { fields: [] } } },
    parameters: resolveParameters(trendingNow, { trend_discovery_frequency: '1 day' }),
    events: [{ eventType: 'watch' }],
    watermark: 0,
    withModel: () => Promise.reject(new Error('The view needs no model.')),
    clock: { now: () => time * 1000 },
  });
  // The first of these bring the items, the others are measured.
  const [records, events] = [10, 3 * items];
  const random = uniforms(1);
  const watch = new Stopwatch();
  let taken = 0;
  for (let first = 0; first < events; first += 1000 * records) {
    const bodies = Array.from({ length: 1000 }, (_, entry) => {
      time = now - 2 * day + Math.floor((2 * day * (first + entry * records)) / events);
      return Array.from({ length: records }, (_, n) => line(first + entry * records + n, items, time, random)).join('');
    });
    watch.lap();
    for (const [position, body] of bodies.entries()) {
      view.apply({ datasetArn: 'arn', layout: 1, position, receivedAt: time * 1000, records, body }, layout);
    }
    const { cpuSeconds } = watch.lap();
    if (first >= items) taken += cpuSeconds;
  }
  watch.lap();
  const turns = new Turns();
  view.expire();
  await view.idle();
  const list = { seconds: watch.lap().cpuSeconds, longestTurn: turns.end() };
  const detail = `${items.toLocaleString('en')} items, all of them with interactions in the two days that are compared`;
  return [
    { name: 'trends: memory', value: view.bytes / 2 ** 20, unit: 'MiB', limit: limits.mebibytes, detail },
    {
      name: 'trends: an event taken in, processor time',
      value: (taken * 1e6) / (events - items),
      unit: 'µs',
      limit: limits.microsecondsAnEvent,
      detail: `from a line of the record log with eleven columns, items by Zipf's law`,
    },
    { name: 'trends: the list made again, processor time', value: 1000 * list.seconds, unit: 'ms', detail },
    { name: 'trends: longest turn of the event loop meanwhile', value: list.longestTurn, unit: 'ms' },
  ];
}

/** Each item once, and from then on by how popular it is: log-uniform ranks, which is Zipf's law. */
function line(n: number, items: number, time: number, random: () => number): string {
  const rank = n < items ? n : Math.floor(items ** random());
  const session = `5f1c7a00-0000-4000-8${String(n % 90_000).padStart(16, '0')}`;
  // Popular items do not lie side by side.
  const item = (rank * 7919) % items;
  const ids = [session, `event-${n}`, String(time * 1000), `user-${n % 50_000}`, `item-${item}`];
  return encodeLine([...ids, String(time), 'watch', '', '', '', '']);
}

function detectionResults(detection: Detection, steady: Detection): BenchResult[] {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const { doubled, found } = detection;
  const foundBy = (list: ListName) => strata.map((_, n) => (found[list][n] ?? 0) / (doubled[n] ?? 0));
  const shares = (list: ListName) =>
    foundBy(list)
      .map((share) => share.toFixed(2))
      .join(', ');
  return [
    ...strata.map((least, n): BenchResult => {
      const isLast = n === strata.length - 1;
      const range = isLast ? `${least} and more` : `${least} to ${(strata[n + 1] ?? 0) - 1}`;
      return {
        name: `trends: doubled items in the first 25, with ${range} a day`,
        value: foundBy('trending')[n] ?? Number.NaN,
        unit: 'share',
        ...(isLast && { least: leastFound }),
        detail: `${doubled[n]} items; by interactions in the interval ${shares('popular').split(', ')[n]}, by their increase ${shares('increase').split(', ')[n]}`,
      };
    }),
    {
      name: 'trends: false alarms',
      value: detection.alarms / detection.trending,
      unit: 'share',
      limit: limits.falseAlarms,
      detail: `of ${detection.trending} items that trend, while the rate of ${sum(doubled)} doubled`,
    },
    {
      name: 'trends: false alarms where nothing doubles',
      value: steady.alarms,
      unit: 'items',
      detail: `in as many lists of 25; the lists by interactions and by their increase always have 25`,
    },
  ];
}

async function aheadResults(folder: string): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const { path, dataset } of await interactionsFiles(folder)) {
    process.stderr.write(`trends: ${basename(dirname(path))} …\n`);
    const events = await readInteractions(path);
    for (const frequency of discoveryFrequencies) {
      const ahead = await measureAhead(events, frequency);
      const { recipe, popularInInterval, increased, popular } = ahead;
      const others = `popular in the last interval ${popularInInterval.toFixed(4)}, most increased in it ${increased.toFixed(4)}, popular of all ${popular.toFixed(4)}`;
      results.push({
        name: `trends: trend prediction accuracy, ${dataset}, ${frequency}`,
        value: recipe,
        unit: 'share',
        detail: `${others}; ${ahead.moments} lists, ${ahead.trending.toFixed(2)} items trend at a time`,
      });
    }
  }
  return results;
}
