import { setImmediate as letOthersRun } from 'node:timers/promises';
import { allUsers, historyOf, selectSlices } from '../../histories/histories.ts';
import type { Evaluation } from '../../metrics/evaluation.ts';
import { deepest, round } from '../../metrics/metrics.ts';
import type { PopularItemsModel } from '../../model/item-model.ts';
import { IncreaseShare } from './increase.ts';
import { type Moment, measuredPeriod, momentsOf } from './moments.ts';
import { intervalOf } from './parameters.ts';
import { trendingItems } from './trending-items.ts';

/**
 * Measures lists by what comes after them (prequential, Dawid 1984): from the newest tenth of the interactions on, each
 * interval ends with a list that knows what has come by then. The popular items behind what trends are those of before.
 */
export const measuredAhead: Evaluation<PopularItemsModel> = ({ histories, itemCount, parameters }) => {
  const seconds = intervalOf(parameters);
  const period = measuredPeriod(histories, seconds);
  const users = allUsers(histories);
  return {
    users,
    histories: selectSlices(histories, users, (user) => {
      const { timestamps } = historyOf(histories, user);
      const end = timestamps.findIndex((time) => time >= period.from);
      return [0, end < 0 ? timestamps.length : end];
    }),
    sentence: `a list each ${seconds / 3600} hours is measured by what increases in the ${seconds / 3600} hours after it`,
    async measure(model, progress) {
      const recommended = new Uint8Array(itemCount);
      const increase = new IncreaseShare(itemCount, deepest);
      let measured = 0;
      for (const moment of momentsOf(histories, period, seconds)) {
        const list = await listAt(moment, model, itemCount);
        for (const item of list) recommended[item] = 1;
        increase.add(list, moment.last, moment.next);
        progress(++measured / period.moments);
        await letOthersRun();
      }
      const covered = recommended.reduce((sum, one) => sum + one, 0);
      return {
        coverage: round(covered / Math.max(itemCount, 1)),
        trend_prediction_accuracy: round(increase.share),
      };
    },
  };
};

/** What trends, and then what is popular, as `TrendView` answers. */
export async function listAt({ counts }: Moment, model: PopularItemsModel, itemCount: number): Promise<number[]> {
  const trending = await trendingItems(counts, itemCount, letOthersRun);
  const list = new Set(trending.items.slice(0, deepest).map(({ item }) => item));
  const popular = await model.recommend({ count: deepest + list.size, orderOnly: true });
  for (const item of popular.items) list.add(item);
  return [...list].slice(0, deepest);
}
