import { learnByInteractions, learnByUsers } from '../families/popularity/learn.ts';
import { PopularityModel } from '../families/popularity/model.ts';
import type { RecipeOf } from './recipe.ts';
import { interactionsAlone, useCaseFacts } from './use-case.ts';

const popularItems = {
  ...useCaseFacts,
  recipeType: 'POPULAR_ITEMS',
  datasets: interactionsAlone,
  usesHistory: false,
  open: async (content) => new PopularityModel(content),
} as const satisfies Partial<RecipeOf<'POPULAR_ITEMS'>>;

/** Most viewed: by the number of views (spec domains.md §2.3). */
export const popularByViews: RecipeOf<'POPULAR_ITEMS'> = {
  ...popularItems,
  name: 'aws-ecomm-popular-items-by-views',
  domain: 'ECOMMERCE',
  description: 'Recommends the items that were viewed most often.',
  useCase: { requiredIds: ['userId'], trainsOn: 'View' },
  learn: learnByInteractions,
};

/** Best sellers: by the number of purchases. */
export const popularByPurchases: RecipeOf<'POPULAR_ITEMS'> = {
  ...popularItems,
  name: 'aws-ecomm-popular-items-by-purchases',
  domain: 'ECOMMERCE',
  description: 'Recommends the items that were bought most often.',
  useCase: { requiredIds: ['userId'], trainsOn: 'Purchase' },
  learn: learnByInteractions,
};

/** Most popular: by how many users watched a video. */
export const mostPopularVideos: RecipeOf<'POPULAR_ITEMS'> = {
  ...popularItems,
  name: 'aws-vod-most-popular',
  domain: 'VIDEO_ON_DEMAND',
  description: 'Recommends the videos that most users watched.',
  useCase: { requiredIds: ['userId'], trainsOn: 'Watch' },
  learn: learnByUsers,
};
