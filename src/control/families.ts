import { attribution } from './attribution/family.ts';
import { snapshotHandlers } from './backup/snapshot.ts';
import { batch } from './batch/family.ts';
import { datasets } from './datasets/family.ts';
import { deletions } from './deletion/family.ts';
import { deployments } from './deployments/family.ts';
import type { Family } from './family.ts';
import { filters } from './filters/family.ts';
import { recipeHandlers } from './recipes/recipe.ts';
import { tagHandlers } from './resources/tag.ts';
import { actionRecommendationHandlers } from './runtime/action-recommendations.ts';
import { explanationHandlers } from './runtime/explanations.ts';
import { rankingHandlers } from './runtime/ranking.ts';
import { recommendationHandlers } from './runtime/recommendations.ts';
import { solutions } from './solutions/family.ts';

/** All that the control plane can do. */
export const families: readonly Family[] = [
  datasets,
  deletions,
  solutions,
  deployments,
  filters,
  attribution,
  batch,
  { kinds: [], operations: () => recipeHandlers },
  { kinds: [], operations: recommendationHandlers },
  { kinds: [], operations: actionRecommendationHandlers },
  { kinds: [], operations: rankingHandlers },
  { kinds: [], operations: explanationHandlers },
  { kinds: [], operations: tagHandlers },
  { kinds: [], operations: snapshotHandlers },
];
