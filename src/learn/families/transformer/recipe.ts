import { type Recipe, usualDatasets } from '../../recipes/recipe.ts';
import { isWeight } from './encoder/encoder-weights.ts';

/**
 * What user-personalization-v2 and personalized-ranking-v2 have in common (spec recipes.md §2.1, 2.4). ONNX Runtime is
 * loaded by the processes and threads that learn or answer, so that a server starts without it.
 */
export const transformerRecipe = {
  algorithmHyperParameters: [
    { name: 'apply_recency_bias', kind: 'categorical', default: 'true', values: ['true', 'false'], tunable: false },
  ],
  featureTransformationParameters: [],
  publishedAt: Date.UTC(2024, 0, 1),
  datasets: usualDatasets,
  usesHistory: true,
  givesMetadata: true,
  supportsEventWeights: true,
  usesMetadata: true,
  warmStartTensors: isWeight,
  learn: async (task) => (await import('./learn.ts')).learnTransformer(task),
  open: async (content) => (await import('./model.ts')).openTransformer(content),
} as const satisfies Partial<Recipe>;
