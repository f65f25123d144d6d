import { allUsers, copyOf, interactedItems, selectUsers } from '../../histories/histories.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { logEarlyPopularity, logMean, logPopularity } from '../popularity/popularity.ts';

/** The trained factors. Everything else is statistics of the data. */
export type Factorisation = {
  readonly itemFactors: Float32Array;
  readonly constants: Readonly<Record<string, number>>;
};

type CountedData = Pick<LearningTask, 'histories' | 'itemCount' | 'parameters' | 'forUsers'>;

/** The whole model: what was learned, and what these histories say of popularity and of their users. */
export function assembleCollaborative(task: CountedData, { itemFactors, constants }: Factorisation): LearnedModel {
  const { histories, itemCount, parameters, forUsers } = task;
  const popularity = logPopularity(histories, itemCount, constants.half_life_days ?? Number.POSITIVE_INFINITY);
  const early = logEarlyPopularity(histories, itemCount);
  const steps = parameters.number('bptt');
  const known = forUsers ? allUsers(histories) : new Uint32Array();
  const newest = copyOf(selectUsers(histories, known, steps));
  const unknownUser = parameters.flag('recency_mask') ? logMean(early, popularity) : early;
  return {
    tensors: {
      item_factors: { shape: [itemCount, parameters.number('hidden_dimension')], data: itemFactors },
      log_popularity: { shape: [itemCount], data: popularity },
      log_popularity_unknown_user: { shape: [itemCount], data: unknownUser },
      history_offsets: { shape: [newest.offsets.length], data: newest.offsets },
      history_items: { shape: [newest.items.length], data: newest.items },
    },
    constants: { ...constants, history_length: steps, interacted_items: interactedItems(histories, itemCount) },
  };
}
