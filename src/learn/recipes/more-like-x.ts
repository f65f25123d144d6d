import { learnSimilarItems } from '../families/similar-items/learn.ts';
import { openSimilarItems } from '../families/similar-items/model.ts';
import type { RecipeOf } from './recipe.ts';
import { similarItems } from './similar-items.ts';
import { useCaseFacts } from './use-case.ts';

/** Videos like a video, by who came to them and by their metadata (spec domains.md §2.2). */
export const moreLikeX: RecipeOf<'RELATED_ITEMS'> = {
  ...useCaseFacts,
  name: 'aws-vod-more-like-x',
  recipeType: 'RELATED_ITEMS',
  domain: 'VIDEO_ON_DEMAND',
  description: 'Recommends videos that are like a given video.',
  useCase: { requiredIds: ['userId', 'itemId'], leavesOut: 'Watch' },
  algorithmHyperParameters: similarItems.algorithmHyperParameters,
  datasets: { INTERACTIONS: 'required', ITEMS: 'required' },
  usesMetadata: true,
  usesHistory: false,
  learn: learnSimilarItems,
  open: async (content) => openSimilarItems(content),
};
