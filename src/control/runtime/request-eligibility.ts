import { invalidInput, ServiceError } from '../../contract/errors.ts';
import type { EligibilityRequest } from '../../serve/eligibility/eligibility.ts';
import type { Eligible } from '../../serve/eligibility/eligible.ts';
import type { ClauseCount } from '../../serve/filters/clause-count.ts';
import { FilterValuesError } from '../../serve/filters/filter-error.ts';
import type { FilterValues } from '../../serve/filters/filter-values.ts';
import type { Context } from '../context.ts';
import { findEvents } from '../deployments/event-type-views.ts';
import type { Caller } from '../handler.ts';
import type { ReadyDeployment } from './ready-deployment.ts';
import { findActionFilter, findFilter, type RequestFilter } from './request-filter.ts';

/** A filter as a request names it: its own, or that of its promotion. */
export type FilterWish = {
  readonly arn: string;
  readonly values: FilterValues | undefined;
  /** The member of the request that has the values, for messages. */
  readonly member: 'filterValues' | 'promotions.filterValues';
};

/** The filter that a request or its promotion names; undefined without one, whatever values there are. */
export function filterNamed(
  { filterArn: arn, filterValues: values }: { readonly filterArn?: string; readonly filterValues?: FilterValues },
  member: FilterWish['member'],
): FilterWish | undefined {
  return arn === undefined ? undefined : { arn, values, member };
}

/** Whom and what a request is about. */
export type RequestIds = { readonly userId?: string | undefined; readonly itemId?: string | undefined };

/**
 * What an answer may have by a filter, for as long as the answer is made.
 *
 * @throws ServiceError as `findFilter` does, InvalidInputException for values that do not fit the filter, and
 *   ServiceUnavailable where what the filter reads is not in memory in time
 */
export async function eligibleBy(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  wish: FilterWish,
  ids: RequestIds,
): Promise<Eligible & Disposable> {
  const request = await requestFor(context, ready, caller, wish, ids);
  return await fitting(wish, () => context.answers.eligibility.of(request));
}

/** What each clause of a filter does for an answer. @throws ServiceError as `eligibleBy` does */
export async function clausesOf(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  wish: FilterWish,
  ids: RequestIds,
): Promise<readonly ClauseCount[]> {
  const request = await requestFor(context, ready, caller, wish, ids);
  return await fitting(wish, () => context.answers.eligibility.count(request));
}

async function requestFor(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  { arn, values = {} }: FilterWish,
  { userId, itemId }: RequestIds,
): Promise<EligibilityRequest> {
  const filter = await findFilter(context.answers.filters, arn, caller, ready, userId);
  const { needs, sequence } = filter;
  const views = await viewsFor(context, ready, filter);
  const named = { key: `${arn} ${sequence}`, filter: filter.filter, needs };
  return { deployment: ready.deployment, filter: named, values, ...views, userId, itemId };
}

/**
 * Whether an answer may have an action, by a filter.
 *
 * @throws ServiceError as `eligibleBy` does
 */
export async function actionsAllowedBy(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  wish: FilterWish,
  userId: string,
): Promise<(actionId: string) => boolean> {
  const { views, filters, eligibility } = context.answers;
  const { needs, sequence, filter, ...entry } = await findActionFilter(filters, wish.arn, caller, ready);
  const { columns, eventTypes } = needs;
  const group = { arn: entry.datasetGroupArn, sequence: entry.datasetGroupSequence };
  const userColumns = columns.get('Users');
  const [actions, users, events] = await Promise.all([
    views.actionAttributes.find(group, { columns: columns.get('Actions') ?? [] }),
    userColumns && views.userAttributes.find(group, { columns: userColumns }),
    eventTypes && findEvents(context, group.arn, 'ACTION_INTERACTIONS', eventTypes),
  ]);
  if (!actions) throw notYet('actions');
  if (userColumns && !users) throw notYet('users');
  if (eventTypes && !events) throw notYet('action interactions');
  const named = { key: `${wish.arn} ${sequence}`, filter, needs };
  const request = { filter: named, values: wish.values ?? {}, actions, users, events, userId };
  return await fitting(wish, async () => eligibility.ofActions(request));
}

/** Values that do not fit are the caller's mistake. */
async function fitting<T>({ arn, member }: FilterWish, evaluate: () => Promise<T>): Promise<T> {
  try {
    return await evaluate();
  } catch (error) {
    if (!(error instanceof FilterValuesError)) throw error;
    throw invalidInput(`${member} does not fit filter ${arn}. ${error.message}`);
  }
}

/** What the filter reads. An answer never goes ahead without. */
async function viewsFor(
  context: Pick<Context, 'answers' | 'records'>,
  { deployment: { model } }: ReadyDeployment,
  { datasetGroupArn: arn, datasetGroupSequence: sequence, needs: { columns, eventTypes } }: RequestFilter,
) {
  const { views } = context.answers;
  const group = { arn, sequence };
  const userColumns = columns.get('Users');
  const [items, users, events] = await Promise.all([
    views.itemAttributes.find(group, { columns: columns.get('Items') ?? [], model }),
    userColumns && views.userAttributes.find(group, { columns: userColumns }),
    eventTypes && findEvents(context, arn, 'INTERACTIONS', eventTypes),
  ]);
  if (!items) throw notYet('items');
  if (userColumns && !users) throw notYet('users');
  if (eventTypes && !events) throw notYet('interactions');
  return { items, users, events };
}

/** Clients of the service send such a request again by themselves. */
export const notYet = (what: 'items' | 'users' | 'interactions' | 'actions' | 'action interactions') =>
  new ServiceError(
    'ServiceUnavailable',
    `The ${what} of the dataset group are still being read; ask again in a moment.`,
  );
