import { learnSims } from '../families/co-occurrence/learn.ts';
import { openSims } from '../families/co-occurrence/model.ts';
import type { RecipeOf } from './recipe.ts';
import { sims } from './sims.ts';
import { interactionsAlone, useCaseFacts } from './use-case.ts';

/** What was bought together with an item (spec domains.md §2.1). */
export const frequentlyBoughtTogether: RecipeOf<'RELATED_ITEMS'> = {
  ...useCaseFacts,
  name: 'aws-ecomm-frequently-bought-together',
  recipeType: 'RELATED_ITEMS',
  domain: 'ECOMMERCE',
  description: 'Recommends the items that customers bought together with a given item.',
  useCase: { requiredIds: ['itemId'], trainsOn: 'Purchase' },
  algorithmHyperParameters: sims.algorithmHyperParameters,
  featureTransformationParameters: sims.featureTransformationParameters,
  datasets: interactionsAlone,
  usesHistory: false,
  learn: learnSims,
  open: async (content) => openSims(content),
};
