import { expect, it } from 'vitest';
import { emptyHistories, interactionCount, type WholeHistories } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { Vocabulary } from '../../model/vocabulary.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import { trendingNow } from '../../recipes/trending-now.ts';
import { measuredAhead } from './trend-evaluation.ts';

const hour = 3600;
const items = 60;
const parameters = resolveParameters(trendingNow, { trend_discovery_frequency: '1 hour' });
const progress = { report() {}, signal: new AbortController().signal };

/** What each of four users did; `rate` says how many interactions, evenly spaced, an item has in an hour. */
function happened(hours: number, rate: (item: number, hour: number) => number): WholeHistories {
  const random = uniforms(5);
  const users: (readonly [item: number, time: number])[][] = [[], [], [], []];
  for (let at = 0; at < hours; at++) {
    for (let item = 0; item < items; item++) {
      const count = rate(item, at);
      for (let n = 0; n < count; n++) {
        users[Math.floor(random() * users.length)]?.push([item, Math.floor((at + (n + 0.5) / count) * hour)]);
      }
    }
  }
  const histories = emptyHistories(users.length, users.flat().length);
  let end = 0;
  for (const [user, interactions] of users.entries()) {
    for (const [item, time] of interactions.sort((one, other) => one[1] - other[1])) {
      histories.items[end] = item;
      histories.timestamps[end++] = time;
    }
    histories.offsets[user + 1] = end;
  }
  return histories;
}

async function metricsOf(histories: WholeHistories) {
  const task = { histories, itemCount: items, parameters, seed: 0 };
  const plan = measuredAhead(task);
  const learned = await trendingNow.learn({ ...task, histories: plan.histories, progress });
  const ids = Vocabulary.of(Array.from({ length: items }, (_, item) => `i${item}`));
  const metrics = await plan.measure(await trendingNow.open({ learned, items: ids }), () => {});
  return { metrics, learnedFrom: interactionCount(plan.histories) };
}

it('finds what goes on growing, though it was not popular before', async () => {
  // From hour 20 on the last items double each hour; 30 items have more interactions than these before that.
  const growing = (item: number, at: number) => (item < 30 ? 60 : item < 55 || at < 20 ? 1 : 10 * 2 ** (at - 20));
  const { metrics, learnedFrom } = await metricsOf(happened(26, growing));
  expect(metrics.trend_prediction_accuracy).toBeGreaterThan(0.9);
  // The rest of each list is popular.
  expect(metrics.coverage).toBeGreaterThan(25 / items);
  expect(metrics.coverage).toBeLessThan(40 / items);
  expect(learnedFrom).toBeGreaterThan(0);
});

it('is 0 where what is listed does not increase, and where there is less than an interval', async () => {
  const { metrics } = await metricsOf(happened(30, (item, at) => (item < 30 ? 20 : at === 29 ? 9 : 1)));
  expect(metrics.trend_prediction_accuracy).toBe(0);
  const short = await metricsOf(happened(1, () => 20));
  expect(short.metrics.trend_prediction_accuracy).toBe(0);
});

it('measures as before where a time is far in the future', async () => {
  const histories = happened(60, (item, at) => (item === 0 ? 2 * at : 3));
  const { metrics } = await metricsOf(histories);
  expect(metrics.trend_prediction_accuracy).toBeGreaterThan(0);
  histories.timestamps[histories.offsets[1] - 1] = 99_999_999_999;
  const withOutlier = await metricsOf(histories);
  expect(withOutlier.metrics.trend_prediction_accuracy).toBeCloseTo(metrics.trend_prediction_accuracy ?? 0, 1);
});

it('knows nothing of what comes after a list: what is learned ends with the newest tenth', async () => {
  const histories = happened(100, () => 3);
  const plan = measuredAhead({ histories, itemCount: items, parameters, seed: 0 });
  const { starts, ends, timestamps } = plan.histories;
  const newest = Math.max(
    ...Array.from(ends, (end, user) => (end > (starts[user] ?? 0) ? (timestamps[end - 1] ?? 0) : 0)),
  );
  expect(newest).toBeLessThan(90.5 * hour);
  expect(interactionCount(plan.histories) / interactionCount(histories)).toBeCloseTo(0.9, 2);
});
