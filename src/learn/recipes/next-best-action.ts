import { learnActions } from '../families/actions/learn.ts';
import { openActionView } from '../families/actions/live-view.ts';
import { openActions } from '../families/actions/model.ts';
import { updateActions } from '../families/actions/update.ts';
import type { RecipeOf } from './recipe.ts';

/** All but what is known of each user. */
const learnedTensors = [
  ...['is_scored', 'coefficients', 'least_features', 'greatest_features'],
  ...['answer_rates', 'answer_vectors', 'item_vectors', 'item_projection'],
];

/** The actions that a user is likely to take (spec recipes.md §2.10). */
export const nextBestAction: RecipeOf<'PERSONALIZED_ACTIONS'> = {
  name: 'aws-next-best-action',
  recipeType: 'PERSONALIZED_ACTIONS',
  description: 'Recommends the actions that a user is most likely to take next.',
  featureTransformation: 'aws-next-best-action',
  algorithmHyperParameters: [],
  featureTransformationParameters: [
    { kind: 'integer', name: 'action_optimization_period', default: 14, min: 7, max: 28, tunable: false },
  ],
  publishedAt: Date.UTC(2023, 7, 11),
  datasets: {
    INTERACTIONS: 'required',
    ITEMS: 'optional',
    USERS: 'optional',
    ACTIONS: 'required',
    ACTION_INTERACTIONS: 'optional',
  },
  usesMetadata: true,
  usesHistory: true,
  live: { follows: { ACTIONS: 'all', ACTION_INTERACTIONS: 'all' }, create: openActionView },
  learn: learnActions,
  update: async (task) => updateActions(task),
  warmStartTensors: (tensor) => learnedTensors.includes(tensor),
  open: async (content) => openActions(content),
};
