import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ReportFraction } from '../../util/progress.ts';
import { type Histories, type History, historyOf, sliceHistory } from '../histories/histories.ts';
import { type ItemModel, subjectOf } from '../model/item-model.ts';
import { type EventWeight, type Weighting, weightingOf } from '../training/event-weights.ts';
import { deepest, outcomeOf, type RankingOutcome, summarize } from './metrics.ts';
import type { MetricsPlan } from './metrics-plan.ts';
import { queryOf } from './split.ts';

/** Asked together, they cost less than one after the other. */
const batchSize = 64;

export type HeldOutTask = {
  readonly histories: Histories;
  readonly plan: Pick<MetricsPlan, 'heldOut' | 'eligible'>;
  readonly itemCount: number;
  /** Of event types, over their mean: adds the metric that weighs hits by them. */
  readonly eventWeights?: readonly EventWeight[] | undefined;
};

/**
 * The service's metrics of a model over held-out users. Coverage counts the items that stand in any of the rankings.
 */
export async function evaluate(
  model: ItemModel,
  { histories, plan: { heldOut, eligible }, itemCount, eventWeights }: HeldOutTask,
  progress: ReportFraction,
): Promise<Record<string, number>> {
  const recommended = new Uint8Array(itemCount);
  const outcomes: RankingOutcome[] = [];
  const weightOf = weightingOf(histories.columns, eventWeights);
  for (let begin = 0; begin < heldOut.length; begin += batchSize) {
    const batch = heldOut.subarray(begin, begin + batchSize);
    const measured = Array.from(batch, async (user) => {
      const { input, truth } = queryOf(histories, user);
      const { items: ranking } = await model.recommend({
        ...subjectOf(input),
        count: deepest,
        eligible: eligible(input),
        orderOnly: true,
      });
      for (const item of ranking) recommended[item] = 1;
      const known = input.items.length;
      return outcomeOf(ranking, truth, weightsOf(sliceHistory(historyOf(histories, user), known), weightOf));
    });
    outcomes.push(...(await Promise.all(measured)));
    progress(outcomes.length / heldOut.length);
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
