import { allUsers } from '../histories/histories.ts';
import type { ItemModel } from '../model/item-model.ts';
import { evaluate } from './evaluate.ts';
import type { EvaluationPlan, EvaluationTask } from './evaluation.ts';
import { planMetrics } from './metrics-plan.ts';
import { splitUsers } from './split.ts';

/**
 * Measures on one user in ten, whose newest items are to be found: in the list for the others, or beside the newest of
 * the others (spec training.md §9.1).
 */
export function heldOutUsers(task: EvaluationTask): EvaluationPlan<ItemModel> {
  const { histories, itemCount, eventWeights, seed } = task;
  const plan = planMetrics(histories, splitUsers(histories, allUsers(histories), seed), itemCount);
  const { users, sentence } = plan;
  return {
    users,
    histories: plan.histories,
    sentence,
    measure: (model, progress) => evaluate(model, { histories, plan, itemCount, eventWeights }, progress),
  };
}
