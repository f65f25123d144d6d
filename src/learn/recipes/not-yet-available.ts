import type { Hyperparameter, RecipeFacts } from './recipe.ts';

/*
 * The service's recipes that cannot be trained here yet: what its catalogue says of them (spec recipes.md).
 */

type Parameters = Partial<Pick<RecipeFacts, 'algorithmHyperParameters' | 'featureTransformationParameters'>>;
type CustomFacts = Pick<RecipeFacts, 'name' | 'recipeType' | 'description' | 'publishedAt'> &
  Partial<Pick<RecipeFacts, 'algorithm' | 'featureTransformation'>> &
  Parameters;

const custom = (facts: CustomFacts): RecipeFacts => ({
  featureTransformation: facts.name,
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  ...facts,
});

const integer = (name: string, value: number, min: number, max: number): Hyperparameter => ({
  kind: 'integer',
  name,
  default: value,
  min,
  max,
  tunable: false,
});

const customRecipes: readonly RecipeFacts[] = [
  custom({
    name: 'aws-next-best-action',
    recipeType: 'PERSONALIZED_ACTIONS',
    description: 'Recommends the actions that a user is most likely to take next.',
    featureTransformationParameters: [integer('action_optimization_period', 14, 7, 28)],
    publishedAt: Date.UTC(2023, 7, 11),
  }),
];

export const recipesNotYetAvailable: readonly RecipeFacts[] = customRecipes;
