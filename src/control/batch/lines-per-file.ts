import { getRecipe } from '../models/recipe-lookup.ts';
import type { Quotas } from '../settings.ts';
import type { SolutionVersion } from '../solutions/solution-version-kind.ts';
import type { InferenceJobDocument } from './batch-job-kind.ts';

/** How many lines a file of a job may have (spec batch.md §1). */
export function linesPerFile(
  quotas: Quotas,
  { document: { recipeArn } }: SolutionVersion,
  { batchInferenceJobMode }: Pick<InferenceJobDocument, 'batchInferenceJobMode'>,
): number {
  if (batchInferenceJobMode === 'THEME_GENERATION') return quotas.themeLinesPerFile;
  return quotas[getRecipe(recipeArn).batchLinesQuota ?? 'batchLinesPerFile'];
}
