import type { ActionModel } from '../model/action-model.ts';
import type { EvaluationPlan, EvaluationTask } from './evaluation.ts';

export function heldOutActions({ histories }: EvaluationTask): EvaluationPlan<ActionModel> {
  return {
    users: Uint32Array.from(histories.starts, (_, user) => user),
    histories,
    sentence: '',
    measure: async () => ({}),
  };
}
