import type { RecipeOf } from './recipe.ts';
import { trendingNow } from './trending-now.ts';
import { useCaseFacts } from './use-case.ts';

/** The videos whose interactions increase fastest, as aws-trending-now finds them (spec domains.md §2.2). */
export const trendingVideos: RecipeOf<'POPULAR_ITEMS'> = {
  ...useCaseFacts,
  name: 'aws-vod-trending-now',
  recipeType: 'POPULAR_ITEMS',
  domain: 'VIDEO_ON_DEMAND',
  description: 'Recommends the videos whose popularity increases fastest.',
  useCase: { requiredIds: [] },
  featureTransformationParameters: trendingNow.featureTransformationParameters,
  datasets: trendingNow.datasets,
  usesHistory: false,
  evaluation: trendingNow.evaluation,
  live: trendingNow.live,
  learn: trendingNow.learn,
  open: trendingNow.open,
};
