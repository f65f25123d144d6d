import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import { recipeTypes } from '../../learn/recipes/recipe-types.ts';
import type { ItemFilter } from '../../serve/filters/filter.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../handler.ts';
import { wordsFor } from '../resources/kind.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

type Filters = Context['answers']['filters'];
export type FilterEntry = NonNullable<Awaited<ReturnType<Filters['find']>>>;

/** A filter that fits the request that names it. */
export type RequestFilter = FilterEntry & { readonly filter: ItemFilter };

/**
 * The filter that a request names.
 *
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException for a filter that does not fit the
 *   deployment, or that speaks of a user whom the request does not name
 */
export async function findFilter(
  filters: Pick<Filters, 'find'>,
  arn: string,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  ready: ReadyDeployment,
  userId: string | undefined,
): Promise<RequestFilter> {
  const entry = await filters.find(arn);
  if (entry?.account !== account || entry.region !== region) throw resourceNotFound(arn);
  const { status, needs } = entry;
  const { ownerArn, recipeType } = ready.deployment;
  if (entry.datasetGroupSequence !== ready.datasetGroupSequence) {
    const groups = `of dataset group ${entry.datasetGroupArn}, and ${wordsFor(ready.kind)} ${ownerArn} of another one`;
    throw invalidInput(`Filter ${arn} is ${groups}; use a filter of ${ready.datasetGroupArn}.`);
  }
  if (status !== 'ACTIVE') throw invalidInput(`Filter ${arn} is in status ${status}; it must be ACTIVE.`);
  if (!isOnItems(entry)) {
    const { operation } = recipeTypes[recipeType];
    throw invalidInput(`Filter ${arn} is about ${entry.filter.subject}; ${operation} needs one about ItemID.`);
  }
  if (needs.itemId && recipeType !== 'RELATED_ITEMS') {
    const reason = `only recipes of type RELATED_ITEMS have one, and that of ${ownerArn} is of type ${recipeType}`;
    throw invalidInput(`Filter ${arn} compares to CurrentItem; ${reason}.`);
  }
  if (needs.userId && !userId) {
    throw invalidInput(`Filter ${arn} is about what a user has or did; give the userId in the request.`);
  }
  return entry;
}

const isOnItems = (entry: FilterEntry): entry is RequestFilter => entry.filter.subject === 'ItemID';
