import type { ReportFraction } from '../../../util/progress.ts';
import { allUsers } from '../../histories/histories.ts';
import { evaluate } from '../../metrics/evaluate.ts';
import type { EvaluationPlan, EvaluationTask } from '../../metrics/evaluation.ts';
import { deepest, round } from '../../metrics/metrics.ts';
import { planMetrics } from '../../metrics/metrics-plan.ts';
import { splitUsers } from '../../metrics/split.ts';
import type { RelatedItemsModel } from '../../model/item-model.ts';

/** Lists from which coverage is told where nobody has interacted with anything. */
const mostLists = 10_000;

/**
 * How well the items similar to the newest item of a held-out history predict what came next, as for the other recipes
 * of related items. Since nothing is learned from interactions, the model that is served is the one that is measured.
 * Without interactions there is coverage alone.
 */
export function evaluateSemantic(task: EvaluationTask): EvaluationPlan<RelatedItemsModel> {
  const { histories, itemCount, eventWeights, seed } = task;
  const users = allUsers(histories);
  const split = splitUsers(histories, users, seed);
  if (split.heldOut.length === 0) {
    const sentence = 'nobody has two interactions: coverage is that of lists beside the items';
    return { users, histories, sentence, measure: (model, progress) => measureCoverage(model, itemCount, progress) };
  }
  const plan = planMetrics(histories, split, itemCount);
  const measured = { histories, plan, itemCount, eventWeights };
  return {
    users,
    histories,
    sentence: plan.sentence,
    measure: (model, progress) => evaluate(model, measured, progress),
  };
}

/** The share of the items that are in the lists of some of them, taken evenly. */
async function measureCoverage(
  model: RelatedItemsModel,
  itemCount: number,
  progress: ReportFraction,
): Promise<Record<string, number>> {
  const every = Math.max(1, Math.ceil(itemCount / mostLists));
  const recommended = new Set<number>();
  for (let item = 0; item < itemCount; item += every) {
    const { items } = await model.recommend({ item, count: deepest });
    for (const other of items) recommended.add(other);
    progress(item / itemCount);
  }
  return { coverage: round(recommended.size / itemCount) };
}
