import { invalidInput } from '../../contract/errors.ts';
import type { Recipe, RecipeType } from '../../learn/recipes/recipe.ts';
import { readFilter } from '../../serve/filters/checker.ts';
import type { Filter } from '../../serve/filters/filter.ts';
import { type FilterNeeds, needsOf } from '../../serve/filters/needs.ts';
import { filterKind } from '../filters/filter-kind.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { getResource, type Queryable, type Scope } from '../resources/resource-store.ts';
import type { SolutionVersion } from '../solutions/solution-version-kind.ts';

/** A filter that fits a version, and what it reads. */
export type VersionFilter = { readonly filter: Filter; readonly needs: FilterNeeds };

/** What filters of batch jobs are about: the users of segments, the items of anything else. */
const subjectFor = (type: RecipeType) => (type === 'USER_SEGMENTATION' ? 'UserID' : 'ItemID');

/**
 * The filter that a batch job names.
 *
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException for a filter that does not fit the version
 */
export async function findBatchFilter(
  db: Queryable,
  arn: string,
  scope: Scope,
  version: SolutionVersion,
): Promise<VersionFilter> {
  const { parent, status, document } = await getResource(db, filterKind, arn, scope);
  const { recipeArn, datasetGroupArn } = version.document;
  if (parent !== datasetGroupArn) {
    const groups = `of dataset group ${parent}, and solution version ${version.arn} of another one`;
    throw invalidInput(`Filter ${arn} is ${groups}; use a filter of ${datasetGroupArn}.`);
  }
  if (status !== 'ACTIVE') throw invalidInput(`Filter ${arn} is in status ${status}; it must be ACTIVE.`);
  const filter = readFilter(document.filterExpression, document.schemas, Number.POSITIVE_INFINITY);
  const needs = needsOf(filter);
  requireFit(arn, { filter, needs }, getRecipe(recipeArn));
  return { filter, needs };
}

function requireFit(
  arn: string,
  { filter, needs }: VersionFilter,
  { name, recipeType, refusesEventFilters }: Pick<Recipe, 'name' | 'recipeType' | 'refusesEventFilters'>,
): void {
  const subject = subjectFor(recipeType);
  if (filter.subject !== subject) {
    throw invalidInput(`Filter ${arn} is about ${filter.subject}; recipe ${name} needs one about ${subject}.`);
  }
  if (needs.itemId && recipeType !== 'RELATED_ITEMS') {
    const reason = `only recipes of type RELATED_ITEMS have one, and ${name} is of type ${recipeType}`;
    throw invalidInput(`Filter ${arn} compares to CurrentItem; ${reason}.`);
  }
  if (refusesEventFilters && needs.eventTypes !== undefined) {
    throw invalidInput(`Filter ${arn} is about Interactions; recipe ${name} takes filters on Users alone.`);
  }
}
