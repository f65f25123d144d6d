import { setImmediate as letOthersRun } from 'node:timers/promises';
import { allUsers, selectUsers } from '../../histories/histories.ts';
import type { Evaluation } from '../../metrics/evaluation.ts';
import { heldOutUsers } from '../../metrics/held-out-users.ts';
import { deepest, outcomeOf, type RankingOutcome, summarize } from '../../metrics/metrics.ts';
import type { RelatedItemsModel } from '../../model/item-model.ts';
import { type AskedBasket, drawBaskets } from './held-out-baskets.ts';

const heldOutShare = 0.1;
const restEvery = 64;

/**
 * One in ten of the users who bought several items together does not train: of each of their baskets the others are to
 * be found beside one. Where there is no such basket, as models of related items are measured.
 */
export const basketsOfHeldOut: Evaluation<RelatedItemsModel> = (task) => {
  const { histories, itemCount, seed } = task;
  const drawn = drawBaskets(histories, itemCount, heldOutShare, seed);
  const heldOut = new Set(drawn.map(({ user }) => user));
  const users = allUsers(histories).filter((user) => !heldOut.has(user));
  if (drawn.length === 0 || users.length === 0) return heldOutUsers(task);
  return {
    users,
    histories: selectUsers(histories, users),
    sentence: `metrics are those of ${drawn.length} baskets of users who did not train`,
    measure: (model, progress) => measure(model, itemCount, drawn, progress),
  };
};

async function measure(
  model: RelatedItemsModel,
  itemCount: number,
  baskets: readonly AskedBasket[],
  progress: (fraction: number) => void,
): Promise<Record<string, number>> {
  const recommended = new Uint8Array(itemCount);
  const outcomes: RankingOutcome[] = [];
  for (const { items } of baskets) {
    const [item, ...others] = items;
    const ranked = await model.recommend({ item, count: deepest, orderOnly: true });
    for (const other of ranked.items) recommended[other] = 1;
    outcomes.push(outcomeOf(ranked.items, new Set(others)));
    if (outcomes.length % restEvery !== 0) continue;
    progress(outcomes.length / baskets.length);
    await letOthersRun();
  }
  const covered = recommended.reduce((sum, one) => sum + one, 0);
  return summarize(outcomes, covered / Math.max(itemCount, 1));
}
