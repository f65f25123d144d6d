import { invalidInput, ServiceError } from '../../contract/errors.ts';
import type { EligibilityRequest } from '../../serve/eligibility/eligibility.ts';
import type { Eligible } from '../../serve/eligibility/eligible.ts';
import type { ClauseCount } from '../../serve/filters/clause-count.ts';
import { FilterValuesError } from '../../serve/filters/filter-error.ts';
import type { FilterValues } from '../../serve/filters/filter-values.ts';
import type { Context } from '../context.ts';
import { findEvents } from '../deployments/event-type-views.ts';
import type { Caller } from '../handler.ts';
import { automaticClause, type DecidingFilter, withAutomaticFilter } from './automatic-filter.ts';
import type { ReadyDeployment } from './ready-deployment.ts';
import { findActionFilter, findFilter } from './request-filter.ts';

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
 * What an answer may have by a filter and by what its use case leaves out, for as long as the answer is made; undefined
 * where neither says anything.
 *
 * @throws ServiceError as `findFilter` does, InvalidInputException for values that do not fit the filter, and
 *   ServiceUnavailable where what they read is not in memory in time
 */
export async function eligibleBy(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  wish: FilterWish | undefined,
  ids: RequestIds,
): Promise<(Eligible & Disposable) | undefined> {
  const filter = await filterFor(context, ready, caller, wish, ids);
  if (!filter) return undefined;
  const request = await requestFor(context, ready, filter, wish, ids);
  return await fitting(wish, () => context.answers.eligibility.of(request));
}

/** What each clause does, of the filter that is named and of the automatic one. */
export type CountedClauses = {
  readonly named: readonly ClauseCount[];
  readonly automatic?: (ClauseCount & { readonly text: string }) | undefined;
};

/** What each clause does for an answer. @throws ServiceError as `eligibleBy` does */
export async function clausesOf(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  wish: FilterWish | undefined,
  ids: RequestIds,
): Promise<CountedClauses> {
  const filter = await filterFor(context, ready, caller, wish, ids);
  if (!filter) return { named: [] };
  const request = await requestFor(context, ready, filter, wish, ids);
  const clauses = await fitting(wish, () => context.answers.eligibility.count(request));
  const leavesOut = ready.useCase?.leavesOut;
  // The automatic one comes after all that are written.
  const last = leavesOut === undefined ? undefined : filter.filter.clauses.length - 1;
  const automatic = clauses.find(({ clause }) => clause === last);
  return {
    named: clauses.filter(({ clause }) => clause !== last),
    automatic: leavesOut && automatic && { ...automatic, text: automaticClause(leavesOut) },
  };
}

/** What decides: the filter that is named, if any, together with the automatic one of the use case, if any. */
async function filterFor(
  { answers: { filters } }: Pick<Context, 'answers'>,
  ready: ReadyDeployment,
  caller: Pick<Caller, 'account' | 'region'>,
  wish: FilterWish | undefined,
  { userId }: RequestIds,
): Promise<DecidingFilter | undefined> {
  const found = wish && (await findFilter(filters, wish.arn, caller, ready, userId));
  const named = found && { key: `${wish.arn} ${found.sequence}`, filter: found.filter, needs: found.needs };
  const leavesOut = ready.useCase?.leavesOut;
  return leavesOut === undefined ? named : withAutomaticFilter(leavesOut, named);
}

async function requestFor(
  context: Pick<Context, 'answers' | 'records'>,
  ready: ReadyDeployment,
  filter: DecidingFilter,
  wish: FilterWish | undefined,
  { userId, itemId }: RequestIds,
): Promise<EligibilityRequest> {
  const views = await viewsFor(context, ready, filter);
  return { deployment: ready.deployment, filter, values: wish?.values ?? {}, ...views, userId, itemId };
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
  const [actions, users, found] = await Promise.all([
    views.actionAttributes.find(group, { columns: columns.get('Actions') ?? [] }),
    userColumns && views.userAttributes.find(group, { columns: userColumns }),
    eventTypes && findEvents(context, group.arn, 'ACTION_INTERACTIONS', eventTypes),
  ]);
  if (!actions) throw notYet('actions');
  if (userColumns && !users) throw notYet('users');
  if (eventTypes && !found) throw notYet('action interactions');
  const named = { key: `${wish.arn} ${sequence}`, filter, needs };
  const request = { filter: named, values: wish.values ?? {}, actions, users, events: found?.events, userId };
  return await fitting(wish, async () => eligibility.ofActions(request));
}

/** Values that do not fit are the caller's mistake. */
async function fitting<T>(wish: FilterWish | undefined, evaluate: () => Promise<T>): Promise<T> {
  try {
    return await evaluate();
  } catch (error) {
    if (!wish || !(error instanceof FilterValuesError)) throw error;
    throw invalidInput(`${wish.member} does not fit filter ${wish.arn}. ${error.message}`);
  }
}

/** What the filter reads. An answer never goes ahead without. */
async function viewsFor(
  context: Pick<Context, 'answers' | 'records'>,
  { deployment: { model }, datasetGroupArn: arn = '', datasetGroupSequence: sequence = 0 }: ReadyDeployment,
  { needs: { columns, eventTypes } }: DecidingFilter,
) {
  const { views } = context.answers;
  const group = { arn, sequence };
  const userColumns = columns.get('Users');
  const [items, users, found] = await Promise.all([
    views.itemAttributes.find(group, { columns: columns.get('Items') ?? [], model }),
    userColumns && views.userAttributes.find(group, { columns: userColumns }),
    eventTypes && findEvents(context, arn, 'INTERACTIONS', eventTypes),
  ]);
  if (!items) throw notYet('items');
  if (userColumns && !users) throw notYet('users');
  if (eventTypes && !found) throw notYet('interactions');
  return { items, users, events: found?.events };
}

/** Clients of the service send such a request again by themselves. */
export const notYet = (what: 'items' | 'users' | 'interactions' | 'actions' | 'action interactions') =>
  new ServiceError(
    'ServiceUnavailable',
    `The ${what} of the dataset group are still being read; ask again in a moment.`,
  );
