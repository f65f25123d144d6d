import type { Recipe } from '../recipe.ts';
import { personalizedRanking } from './personalized-ranking/recipe.ts';
import { personalizedRankingV2 } from './personalized-ranking-v2/recipe.ts';
import { popularityCount } from './popularity-count/recipe.ts';
import { sims } from './sims/recipe.ts';
import { userPersonalization } from './user-personalization/recipe.ts';
import { userPersonalizationV2 } from './user-personalization-v2/recipe.ts';

/** Every recipe that can train, in order of name. */
export const recipes: readonly Recipe[] = [
  personalizedRanking,
  personalizedRankingV2,
  popularityCount,
  sims,
  userPersonalization,
  userPersonalizationV2,
];

/** The service's other recipes (spec recipes.md, domains.md), so that whoever asks for one can be told. */
export const recipesNotYetAvailable: readonly string[] = [
  'aws-deepfm',
  'aws-ecomm-customers-who-viewed-x-also-viewed',
  'aws-ecomm-frequently-bought-together',
  'aws-ecomm-popular-items-by-purchases',
  'aws-ecomm-popular-items-by-views',
  'aws-ecomm-recommended-for-you',
  'aws-ffnn',
  'aws-hrnn',
  'aws-hrnn-coldstart',
  'aws-hrnn-metadata',
  'aws-item-affinity',
  'aws-item-attribute-affinity',
  'aws-next-best-action',
  'aws-semantic-similarity',
  'aws-similar-items',
  'aws-trending-now',
  'aws-vod-because-you-watched-x',
  'aws-vod-more-like-x',
  'aws-vod-most-popular',
  'aws-vod-top-picks',
  'aws-vod-trending-now',
];

/** By name, such as `aws-sims`. */
export const findRecipeByName = (name: string): Recipe | undefined => recipes.find((recipe) => recipe.name === name);
