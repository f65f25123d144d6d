import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type EventWeight, type Weighting, weightingOf } from '../event-weights.ts';
import { type Histories, type History, historyOf, sliceHistory } from '../histories.ts';
import type { RecipeModel } from '../recipe.ts';
import { deepest, type Outcome, outcomeOf, summarize } from './metrics.ts';
import { queryOf } from './split.ts';

/** Metrics are means, and theirs stand still long before this many users. */
const mostUsers = 20_000;
/** Asked together, they cost less than one after the other. */
const batchSize = 64;

export type EvaluationTask = {
  readonly histories: Histories;
  /** Users who did not train. */
  readonly heldOut: Uint32Array;
  readonly itemCount: number;
  /** Of event types, over their mean: adds the metric that weighs hits by them. */
  readonly eventWeights?: readonly EventWeight[] | undefined;
};

/**
 * The service's metrics of a model over users that it was not trained on. Each ranking leaves out the items of the input
 * history. Coverage counts the items that stand in any of the rankings.
 */
export async function evaluate(
  model: RecipeModel,
  { histories, heldOut, itemCount, eventWeights }: EvaluationTask,
  progress: (fraction: number) => void,
): Promise<Record<string, number>> {
  const users = heldOut.subarray(0, mostUsers);
  const recommended = new Uint8Array(itemCount);
  const outcomes: Outcome[] = [];
  const weightOf = weightingOf(histories.columns, eventWeights);
  for (let begin = 0; begin < users.length; begin += batchSize) {
    const batch = users.subarray(begin, begin + batchSize);
    const measured = Array.from(batch, async (user) => {
      const { input, truth } = queryOf(histories, user);
      const ranking = await model.recommendTo(input, deepest);
      for (const item of ranking) recommended[item] = 1;
      const known = input.items.length;
      return outcomeOf(ranking, truth, weightsOf(sliceHistory(historyOf(histories, user), known), weightOf));
    });
    outcomes.push(...(await Promise.all(measured)));
    progress(outcomes.length / users.length);
    await letOthersRun();
  }
  const covered = recommended.reduce((sum, one) => sum + one, 0);
  return summarize(outcomes, covered / Math.max(itemCount, 1), eventWeights !== undefined);
}

/** The weights of items that were interacted with, of several events the greatest. */
function weightsOf(history: History, weightOf: Weighting): ReadonlyMap<number, number> {
  const weights = new Map<number, number>();
  history.items.forEach((item, n) => {
    weights.set(item, Math.max(weights.get(item) ?? 0, weightOf(history, n)));
  });
  return weights;
}
