import { frequentlyBoughtTogether } from './frequently-bought-together.ts';
import { itemAffinity } from './item-affinity.ts';
import { itemAttributeAffinity } from './item-attribute-affinity.ts';
import { moreLikeX } from './more-like-x.ts';
import { nextBestAction } from './next-best-action.ts';
import { recommendedForYou, topPicks } from './personal-picks.ts';
import { personalizedRanking } from './personalized-ranking.ts';
import { personalizedRankingV2 } from './personalized-ranking-v2.ts';
import { mostPopularVideos, popularByPurchases, popularByViews } from './popular-items.ts';
import { popularityCount } from './popularity-count.ts';
import type { Recipe } from './recipe.ts';
import { becauseYouWatched, customersAlsoViewed } from './related-by-events.ts';
import { semanticSimilarity } from './semantic-similarity.ts';
import { similarItems } from './similar-items.ts';
import { sims } from './sims.ts';
import { trendingNow } from './trending-now.ts';
import { trendingVideos } from './trending-videos.ts';
import { userPersonalization } from './user-personalization.ts';
import { userPersonalizationV2 } from './user-personalization-v2.ts';

/** Every recipe that can train, in order of name. */
export const recipes: readonly Recipe[] = [
  customersAlsoViewed,
  frequentlyBoughtTogether,
  popularByPurchases,
  popularByViews,
  recommendedForYou,
  itemAffinity,
  itemAttributeAffinity,
  nextBestAction,
  personalizedRanking,
  personalizedRankingV2,
  popularityCount,
  semanticSimilarity,
  similarItems,
  sims,
  trendingNow,
  userPersonalization,
  userPersonalizationV2,
  becauseYouWatched,
  moreLikeX,
  mostPopularVideos,
  topPicks,
  trendingVideos,
];

/** Recipes that the service has taken back, so that an answer can say so. */
export const withdrawnRecipes: readonly string[] = [
  'aws-deepfm',
  'aws-ffnn',
  'aws-hrnn',
  'aws-hrnn-coldstart',
  'aws-hrnn-metadata',
];

/** By name, such as `aws-sims`. */
export const findRecipeByName = (name: string): Recipe | undefined => recipes.find((recipe) => recipe.name === name);
