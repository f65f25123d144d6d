import { learnByUsers } from '../families/popularity/learn.ts';
import { PopularityModel } from '../families/popularity/model.ts';
import { discoveryFrequencies } from '../families/trending/parameters.ts';
import { measuredAhead } from '../families/trending/trend-evaluation.ts';
import { TrendView } from '../families/trending/trend-view.ts';
import type { RecipeOf } from './recipe.ts';

/**
 * The items whose interactions increase fastest (spec recipes.md §2.8). A training counts what is popular; what trends
 * is counted while the model is served.
 */
export const trendingNow: RecipeOf<'POPULAR_ITEMS'> = {
  name: 'aws-trending-now',
  algorithm: 'aws-trending-now-custom',
  featureTransformation: 'aws-trending-now',
  recipeType: 'POPULAR_ITEMS',
  description: 'Recommends the items whose interactions increase fastest.',
  algorithmHyperParameters: [],
  featureTransformationParameters: [
    {
      kind: 'categorical',
      name: 'trend_discovery_frequency',
      default: '2 hours',
      tunable: false,
      values: discoveryFrequencies,
      // As the guide of 2023 writes them, in its table alone.
      synonyms: new Map([
        ['30 min', '30 minutes'],
        ['1h', '1 hour'],
        ['3h', '3 hours'],
      ]),
    },
  ],
  publishedAt: Date.UTC(2023, 0, 1),
  datasets: { INTERACTIONS: 'required' },
  usesHistory: false,
  evaluation: measuredAhead,
  live: {
    follows: { INTERACTIONS: 'all' },
    create: async (parts) => new TrendView(parts),
  },
  learn: learnByUsers,
  open: async (content) => new PopularityModel(content),
};
