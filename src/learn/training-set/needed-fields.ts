import { typeNames } from '../../data/dataset-types.ts';
import type { NeededField } from '../recipes/recipe.ts';
import { TrainingError } from '../training/training.ts';
import type { TrainingData } from './plan.ts';

type TrainingInputs = Pick<TrainingData, 'interactions' | 'items' | 'users' | 'actions' | 'actionInteractions'>;

/** @throws TrainingError naming what the schemas lack, among the columns that train */
export function requireFields(
  needed: readonly NeededField[],
  { interactions, items, users, actions, actionInteractions }: TrainingInputs,
): void {
  const datasets = {
    INTERACTIONS: interactions,
    ITEMS: items,
    USERS: users,
    ACTIONS: actions,
    ACTION_INTERACTIONS: actionInteractions,
  };
  const missing = needed.filter(({ dataset, isMetBy }) => !datasets[dataset]?.schema.fields.some(isMetBy));
  const [first] = missing;
  if (first === undefined) return;
  const named = missing.filter(({ dataset }) => dataset === first.dataset).map(({ what }) => what);
  throw new TrainingError(
    `Create failed. The schema of the ${typeNames[first.dataset]} dataset has no ${named.join(' and no ')} that trains, which the recipe needs. Add it to the schema and import the data, or leave it in trainingDataConfig.`,
  );
}
