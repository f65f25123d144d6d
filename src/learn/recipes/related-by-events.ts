import { learnSimilarItems } from '../families/similar-items/learn.ts';
import { openSimilarItems } from '../families/similar-items/model.ts';
import type { RecipeOf } from './recipe.ts';
import { similarItems } from './similar-items.ts';
import { interactionsAlone, useCaseFacts } from './use-case.ts';

const relatedByEvents = {
  ...useCaseFacts,
  recipeType: 'RELATED_ITEMS',
  algorithmHyperParameters: similarItems.algorithmHyperParameters,
  datasets: interactionsAlone,
  usesHistory: false,
  learn: learnSimilarItems,
  open: async (content) => openSimilarItems(content),
} as const satisfies Partial<RecipeOf<'RELATED_ITEMS'>>;

/** What was viewed around the same item (spec domains.md §2.1). */
export const customersAlsoViewed: RecipeOf<'RELATED_ITEMS'> = {
  ...relatedByEvents,
  name: 'aws-ecomm-customers-who-viewed-x-also-viewed',
  domain: 'ECOMMERCE',
  description: 'Recommends the items that customers viewed who viewed a given item.',
  useCase: { requiredIds: ['userId', 'itemId'], trainsOn: 'View', leavesOut: 'Purchase' },
};

/** What was watched around the same video (spec domains.md §2.2). */
export const becauseYouWatched: RecipeOf<'RELATED_ITEMS'> = {
  ...relatedByEvents,
  name: 'aws-vod-because-you-watched-x',
  domain: 'VIDEO_ON_DEMAND',
  description: 'Recommends the videos that users watched who watched a given video.',
  useCase: { requiredIds: ['userId', 'itemId'], trainsOn: 'Watch', leavesOut: 'Watch' },
};
