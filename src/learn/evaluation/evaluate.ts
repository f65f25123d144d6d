import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Histories } from '../histories.ts';
import type { RecipeModel } from '../recipe.ts';
import { deepest, type Outcome, outcomeOf, summarize } from './metrics.ts';
import { queryOf } from './split.ts';

/** Metrics are means, and theirs stand still long before this many users. */
const mostUsers = 20_000;
const reportEvery = 64;

/**
 * The service's metrics of a model over users that it was not trained on. Each ranking leaves out the items of the input
 * history. Coverage counts the items that stand in any of the rankings.
 */
export async function evaluate(
  model: RecipeModel,
  histories: Histories,
  heldOut: Uint32Array,
  itemCount: number,
  progress: (fraction: number) => void,
): Promise<Record<string, number>> {
  const users = heldOut.subarray(0, mostUsers);
  const recommended = new Uint8Array(itemCount);
  const outcomes: Outcome[] = [];
  for (const user of users) {
    const { input, truth } = queryOf(histories, user);
    const ranking = await model.recommendTo(input, deepest);
    for (const item of ranking) recommended[item] = 1;
    outcomes.push(outcomeOf(ranking, truth));
    if (outcomes.length % reportEvery === 0) {
      progress(outcomes.length / users.length);
      await letOthersRun();
    }
  }
  const covered = recommended.reduce((sum, one) => sum + one, 0);
  return summarize(outcomes, covered / Math.max(itemCount, 1));
}
