import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Events } from '../../src/evaluate/readers/events.ts';
import { readEvents } from '../../src/evaluate/readers/read-events.ts';
import { IncreaseShare } from '../../src/learn/families/trending/increase.ts';
import { measuredPeriod, momentsOf } from '../../src/learn/families/trending/moments.ts';
import { intervalOf } from '../../src/learn/families/trending/parameters.ts';
import { measuredAhead } from '../../src/learn/families/trending/trend-evaluation.ts';
import { trendingItems } from '../../src/learn/families/trending/trending-items.ts';
import { resolveParameters } from '../../src/learn/recipes/parameters.ts';
import { trendingNow } from '../../src/learn/recipes/trending-now.ts';
import type { Progress } from '../../src/util/progress.ts';

const progress: Progress = { report() {}, signal: new AbortController().signal };
const listLength = 25;

/** The trend prediction accuracy of lists that are made from the same interactions, at the same moments. */
export type Ahead = {
  readonly recipe: number;
  /** The items with most interactions in the interval that ends; those whose interactions increased most in it. */
  readonly popularInInterval: number;
  readonly increased: number;
  /** The items with most interactions of all. */
  readonly popular: number;
  readonly moments: number;
  /** How many items trend at a moment, on the average. */
  readonly trending: number;
};

export async function readInteractions(dataset: string): Promise<Events> {
  const folder = await mkdtemp(join(tmpdir(), 'trends-'));
  try {
    return await readEvents({ dataset }, folder, progress);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Measures the recipe as a training does, and simpler lists beside it. */
export async function measureAhead({ histories, items }: Events, frequency: string): Promise<Ahead> {
  const parameters = resolveParameters(trendingNow, { trend_discovery_frequency: frequency });
  const task = { histories, itemCount: items.size, parameters, seed: 0 };
  const plan = measuredAhead(task);
  const learned = await trendingNow.learn({ ...task, histories: plan.histories, progress });
  const model = await trendingNow.open({ learned, items });
  const metrics = await plan.measure(model, () => {});
  const [byInterval, byIncrease, byAll] = [0, 1, 2].map(() => new IncreaseShare(items.size, listLength));
  const popular = (await model.recommend({ count: listLength })).items;
  const seconds = intervalOf(parameters);
  const period = measuredPeriod(histories, seconds);
  let [moments, trending] = [0, 0];
  let before = new Map<number, number>();
  for (const { counts, last, next } of momentsOf(histories, period, seconds)) {
    const now = countsOf(last);
    byInterval?.add(
      firstBy(now, (item) => now.get(item) ?? 0),
      last,
      next,
    );
    byIncrease?.add(
      firstBy(now, (item) => (now.get(item) ?? 0) - (before.get(item) ?? 0)),
      last,
      next,
    );
    byAll?.add(popular, last, next);
    trending += (await trendingItems(counts, items.size, letOthersRun)).items.length;
    moments++;
    before = now;
  }
  return {
    recipe: metrics.trend_prediction_accuracy ?? Number.NaN,
    popularInInterval: byInterval?.share ?? Number.NaN,
    increased: byIncrease?.share ?? Number.NaN,
    popular: byAll?.share ?? Number.NaN,
    moments,
    trending: trending / moments,
  };
}

function countsOf(items: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

const firstBy = (counts: ReadonlyMap<number, number>, score: (item: number) => number): number[] =>
  [...counts.keys()].sort((one, other) => score(other) - score(one) || one - other).slice(0, listLength);
