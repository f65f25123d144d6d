import { randomUUID } from 'node:crypto';
import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { Recipe } from '../../learn/recipes/recipe.ts';
import { type BatchOperation, batchOperationOf } from '../../learn/recipes/recipe-types.ts';
import type { Caller } from '../handler.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { getActive } from '../resources/checks.ts';
import type { Queryable } from '../resources/resource-store.ts';
import { type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';
import { findBatchFilter } from './batch-filter.ts';
import type { BatchJobDocument } from './batch-job-kind.ts';
import { checkLocations } from './batch-locations.ts';

const defaultResults = 25;

type AnyBatchInput = Pick<
  Input<'CreateBatchSegmentJob'>,
  'solutionVersionArn' | 'filterArn' | 'numResults' | 'jobInput' | 'jobOutput' | 'roleArn'
>;

export type NewBatchJob = {
  readonly version: SolutionVersion;
  readonly recipe: Recipe;
  readonly document: BatchJobDocument;
};

/**
 * Checks what both kinds of batch jobs have in common.
 *
 * @param mostResults what numResults may be
 * @throws ServiceError ResourceNotFoundException, ResourceInUseException for a version that is not ACTIVE, and
 *   InvalidInputException
 */
export async function checkBatchJob(
  db: Queryable,
  operation: BatchOperation,
  { solutionVersionArn, filterArn, numResults, jobInput, jobOutput, roleArn }: AnyBatchInput,
  mostResults: number,
  caller: Caller,
): Promise<NewBatchJob> {
  checkLocations(jobInput.s3DataSource.path, jobOutput.s3DataDestination.path);
  const version = await getActive(db, solutionVersionKind, solutionVersionArn, caller);
  const recipe = getRecipe(version.document.recipeArn);
  requireOperation(operation, recipe);
  if (filterArn !== undefined) await findBatchFilter(db, filterArn, caller, version);
  const count = resultsUpTo(mostResults, numResults);
  const prefix = `batch/${randomUUID()}/`;
  return { version, recipe, document: { filterArn, jobInput, jobOutput, roleArn, numResults: count, prefix } };
}

/** @throws ServiceError InvalidInputException, with what to use instead, for a recipe that has no such jobs */
function requireOperation(operation: BatchOperation, recipe: Recipe): void {
  const possible = batchOperationOf(recipe);
  if (possible === operation) return;
  const job = operation === 'CreateBatchSegmentJob' ? 'A batch segment job' : 'A batch inference job';
  const instead = possible ?? 'CreateCampaign';
  throw invalidInput(`${job} cannot use recipe ${recipe.name} of type ${recipe.recipeType}. Use ${instead} instead.`);
}

/** 0 is the service's way to say nothing (spec runtime.md §1). */
function resultsUpTo(most: number, wanted: number | undefined): number {
  if (!wanted) return Math.min(defaultResults, most);
  if (wanted > 0 && wanted <= most) return wanted;
  throw invalidInput(`numResults must be from 1 to ${most}.`);
}
