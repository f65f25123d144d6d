import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import type { RecipeType } from '../../learn/recipes/recipe.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../handler.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import type { SolutionVersion } from '../solutions/solution-version-kind.ts';

/** Who has created a batch job. */
type Creator = Pick<Caller, 'account' | 'region'>;

export type BatchFilterEntry = NonNullable<Awaited<ReturnType<Context['answers']['filters']['find']>>>;

/** What filters of batch jobs are about: the users of segments, the items of anything else. */
const subjectFor = (type: RecipeType) => (type === 'USER_SEGMENTATION' ? 'UserID' : 'ItemID');

/**
 * The filter that a batch job names.
 *
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException for a filter that does not fit the version
 */
export async function findBatchFilter(
  { answers }: Pick<Context, 'answers'>,
  arn: string,
  { account, region }: Creator,
  version: SolutionVersion,
): Promise<BatchFilterEntry> {
  const entry = await answers.filters.find(arn);
  if (entry?.account !== account || entry.region !== region) throw resourceNotFound(arn);
  const { recipeArn, datasetGroupArn } = version.document;
  if (entry.datasetGroupArn !== datasetGroupArn) {
    const groups = `of dataset group ${entry.datasetGroupArn}, and solution version ${version.arn} of another one`;
    throw invalidInput(`Filter ${arn} is ${groups}; use a filter of ${datasetGroupArn}.`);
  }
  if (entry.status !== 'ACTIVE') throw invalidInput(`Filter ${arn} is in status ${entry.status}; it must be ACTIVE.`);
  const { name, recipeType, refusesEventFilters } = getRecipe(recipeArn);
  const subject = subjectFor(recipeType);
  if (entry.filter.subject !== subject) {
    throw invalidInput(`Filter ${arn} is about ${entry.filter.subject}; recipe ${name} needs one about ${subject}.`);
  }
  if (entry.needs.itemId && recipeType !== 'RELATED_ITEMS') {
    const reason = `only recipes of type RELATED_ITEMS have one, and ${name} is of type ${recipeType}`;
    throw invalidInput(`Filter ${arn} compares to CurrentItem; ${reason}.`);
  }
  if (refusesEventFilters && entry.needs.eventTypes !== undefined) {
    throw invalidInput(`Filter ${arn} is about Interactions; recipe ${name} takes filters on Users alone.`);
  }
  return entry;
}
