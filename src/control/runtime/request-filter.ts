import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import { recipeTypes } from '../../learn/recipes/recipe-types.ts';
import type { ActionFilter, ItemFilter } from '../../serve/filters/filter.ts';
import type { Subject } from '../../serve/filters/syntax.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../handler.ts';
import { wordsFor } from '../resources/kind.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

type Filters = Context['answers']['filters'];
export type FilterEntry = NonNullable<Awaited<ReturnType<Filters['find']>>>;

/** A filter that fits the request that names it: one of items. */
export type RequestFilter = FilterEntry & { readonly filter: ItemFilter };
/** The same for a request for actions. */
export type ActionRequestFilter = FilterEntry & { readonly filter: ActionFilter };

/**
 * The filter that a request for items names.
 *
 * @throws ServiceError ResourceNotFoundException, or InvalidInputException for a filter that does not fit the
 *   deployment, or that speaks of a user whom the request does not name
 */
export async function findFilter(
  filters: Pick<Filters, 'find'>,
  arn: string,
  caller: Pick<Caller, 'account' | 'region'>,
  ready: ReadyDeployment,
  userId: string | undefined,
): Promise<RequestFilter> {
  const entry = await filterOfGroup(filters, arn, caller, ready);
  const { needs } = entry;
  const { ownerArn, recipeType } = ready.deployment;
  if (!isOnItems(entry)) throw otherSubject(arn, entry, ready, 'ItemID');
  if (needs.itemId && recipeType !== 'RELATED_ITEMS') {
    const reason = `only recipes of type RELATED_ITEMS have one, and that of ${ownerArn} is of type ${recipeType}`;
    throw invalidInput(`Filter ${arn} compares to CurrentItem; ${reason}.`);
  }
  if (needs.userId && !userId) {
    throw invalidInput(`Filter ${arn} is about what a user has or did; give the userId in the request.`);
  }
  return entry;
}

/** The filter that a request for actions, which names a user, names. @throws ServiceError as `findFilter` does */
export async function findActionFilter(
  filters: Pick<Filters, 'find'>,
  arn: string,
  caller: Pick<Caller, 'account' | 'region'>,
  ready: ReadyDeployment,
): Promise<ActionRequestFilter> {
  const entry = await filterOfGroup(filters, arn, caller, ready);
  if (!isOnActions(entry)) throw otherSubject(arn, entry, ready, 'ActionID');
  return entry;
}

async function filterOfGroup(
  filters: Pick<Filters, 'find'>,
  arn: string,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  ready: ReadyDeployment,
): Promise<FilterEntry> {
  const entry = await filters.find(arn);
  if (entry?.account !== account || entry.region !== region) throw resourceNotFound(arn);
  const { status } = entry;
  if (entry.datasetGroupSequence !== ready.datasetGroupSequence) {
    const owner = `${wordsFor(ready.kind)} ${ready.deployment.ownerArn}`;
    const groups = `of dataset group ${entry.datasetGroupArn}, and ${owner} of another one`;
    throw invalidInput(`Filter ${arn} is ${groups}; use a filter of ${ready.datasetGroupArn}.`);
  }
  if (status !== 'ACTIVE') throw invalidInput(`Filter ${arn} is in status ${status}; it must be ACTIVE.`);
  return entry;
}

function otherSubject(arn: string, { filter }: FilterEntry, { deployment }: ReadyDeployment, needed: Subject) {
  const { operation } = recipeTypes[deployment.recipeType];
  return invalidInput(`Filter ${arn} is about ${filter.subject}; ${operation} needs one about ${needed}.`);
}

const isOnItems = (entry: FilterEntry): entry is RequestFilter => entry.filter.subject === 'ItemID';
const isOnActions = (entry: FilterEntry): entry is ActionRequestFilter => entry.filter.subject === 'ActionID';
