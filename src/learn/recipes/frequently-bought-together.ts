import { basketsOfHeldOut } from '../families/baskets/basket-evaluation.ts';
import { learnBoughtTogether } from '../families/baskets/learn.ts';
import { openSimilarItems } from '../families/similar-items/model.ts';
import type { RecipeOf } from './recipe.ts';
import { similarItems } from './similar-items.ts';
import { interactionsAlone, useCaseFacts } from './use-case.ts';

/** What was bought together with an item (spec domains.md §2.1). */
export const frequentlyBoughtTogether: RecipeOf<'RELATED_ITEMS'> = {
  ...useCaseFacts,
  name: 'aws-ecomm-frequently-bought-together',
  recipeType: 'RELATED_ITEMS',
  domain: 'ECOMMERCE',
  description: 'Recommends the items that customers bought together with a given item.',
  useCase: { requiredIds: ['itemId'], trainsOn: 'Purchase', learnsFromOthers: true },
  algorithmHyperParameters: similarItems.algorithmHyperParameters,
  datasets: interactionsAlone,
  usesHistory: false,
  evaluation: basketsOfHeldOut,
  learn: learnBoughtTogether,
  open: async (content) => openSimilarItems(content),
};
