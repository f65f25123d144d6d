import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import { isEligible } from '../../learn/model/item-mask.ts';
import type { ClauseCount } from '../filters/clause-count.ts';
import type { ActionFilter, ItemFilter } from '../filters/filter.ts';
import type { FilterValues } from '../filters/filter-values.ts';
import type { FilterNeeds } from '../filters/needs.ts';
import type { FilterRequest } from '../filters/where-mask.ts';
import type { Deployment, Serving } from '../serving.ts';
import { AttributesUse, type FilterOnItems } from './attributes-use.ts';
import type { Eligible } from './eligible.ts';
import { EligibleItems } from './eligible-items.ts';
import { MaskPool } from './mask-pool.ts';
import type { ModelRows } from './model-rows.ts';
import { eventsOf, noEvents, type UserEvents } from './user-events.ts';

/** A filter, and what it reads for a request. */
type FilteredRequest<Filter extends ItemFilter | ActionFilter> = {
  readonly filter: {
    /** Tells the filter from all others of the dataset group, also from one of its name that was deleted. */
    readonly key: string;
    readonly filter: Filter;
    readonly needs: FilterNeeds;
  };
  /** By placeholder. */
  readonly values: FilterValues;
  /** Where the filter needs columns of Users. */
  readonly users?: Attributes | undefined;
  /** Where the filter needs event types, those of the user's interactions with items or with actions. */
  readonly events?: EventsByType | undefined;
  readonly userId?: string | undefined;
};

/** Filters of users and of actions say nothing of items. */
export type EligibilityRequest = FilteredRequest<ItemFilter> & {
  readonly deployment: Deployment;
  readonly items: Attributes;
  readonly itemId?: string | undefined;
};

export type ActionEligibilityRequest = FilteredRequest<ActionFilter> & { readonly actions: Attributes };

/**
 * From a filter to what a deployment may answer. What many requests have in common is kept as long as the view on the
 * attributes is there.
 */
export class Eligibility {
  readonly #serving: Pick<Serving, 'items'>;
  readonly #pool = new MaskPool();
  readonly #uses = new WeakMap<Attributes, AttributesUse>();

  constructor(serving: Pick<Serving, 'items'>) {
    this.#serving = serving;
  }

  /**
   * What comes back is disposed of after the last answer that was made by it: its mask is then used for others.
   *
   * @throws FilterValuesError where the values do not fit the filter's placeholders
   */
  async of(request: EligibilityRequest): Promise<Eligible & Disposable> {
    const { filter, items } = request;
    const { use, vocabulary, model, compiled, events, asked } = await this.#prepare(request);
    const ofModel = { ...asked, events: itemsOf(events.rows, model) };
    const mask = compiled.ofModel(model).evaluate(request.values, ofModel, this.#pool.take(model.size));
    return new EligibleItems({
      items: mask,
      vocabulary,
      model,
      attributes: items,
      rows() {
        const now = use.compiled(filter.key, filter.filter).ofRows();
        return now.evaluate(request.values, { ...asked, events: events.rows });
      },
      done: () => this.#pool.giveBack(mask),
      allowsUnknown: onUnknown(compiled, request.values, asked, events),
      rowsOf: (candidates) => use.rowsOfCandidates(candidates),
    });
  }

  /**
   * How many items of the deployment's model each clause of the filter lets pass or removes.
   *
   * @throws FilterValuesError as `of` does
   */
  async count(request: EligibilityRequest): Promise<ClauseCount[]> {
    const { model, compiled, events, asked } = await this.#prepare(request);
    return compiled.ofModel(model).count(request.values, { ...asked, events: itemsOf(events.rows, model) });
  }

  /**
   * Whether an answer may have an action. There are few of them, so all are decided, known to a model or not.
   *
   * @throws FilterValuesError as `of` does
   */
  ofActions(request: ActionEligibilityRequest): (actionId: string) => boolean {
    const { filter, values, actions } = request;
    const use = this.#useOf(actions);
    const compiled = use.compiled(filter.key, filter.filter);
    const events = this.#eventsOf(request, use);
    const asked = { user: userOf(request), currentItem: undefined };
    const mask = compiled.ofRows().evaluate(values, { ...asked, events: events.rows });
    const allowsUnknown = onUnknown(compiled, values, asked, events);
    return (id) => {
      const row = actions.rowOf(id);
      return row >= 0 && row < mask.size ? isEligible(mask, row) : allowsUnknown(id);
    };
  }

  async #prepare(request: EligibilityRequest) {
    const { deployment, filter, items } = request;
    const use = this.#useOf(items);
    const vocabulary = await this.#serving.items(deployment);
    const model = await use.rowsOf(vocabulary);
    // From here on nothing waits: rows and values stay as they are while the filter is evaluated.
    const compiled = use.compiled(filter.key, filter.filter);
    const events = this.#eventsOf(request, use);
    return {
      use,
      vocabulary,
      model,
      compiled,
      events,
      asked: { user: userOf(request), currentItem: rowIn(items, request.itemId) },
    };
  }

  #useOf(items: Attributes): AttributesUse {
    const known = this.#uses.get(items);
    if (known) return known;
    const use = new AttributesUse(items);
    this.#uses.set(items, use);
    return use;
  }

  #eventsOf({ userId, events, filter }: FilteredRequest<ItemFilter | ActionFilter>, use: AttributesUse): UserEvents {
    if (userId === undefined || events === undefined || filter.needs.eventTypes === undefined) return noEvents;
    return eventsOf(userId, events, filter.needs, use.rowsOfEvents(events));
  }
}

/** By event type, the items of a model that have these rows. */
const itemsOf = (events: UserEvents['rows'], model: ModelRows): UserEvents['rows'] =>
  new Map(Array.from(events, ([type, rows]) => [type, model.itemsAt(rows)]));

/** An item without a record has no values: what counts is what the user did with it. */
function onUnknown(
  { unknown }: FilterOnItems,
  values: FilterValues,
  asked: Omit<FilterRequest, 'events'>,
  events: UserEvents,
): (id: string) => boolean {
  const allows = (types: readonly string[]) =>
    unknown.evaluate(values, { ...asked, events: new Map(types.map((type) => [type, [0]])) }).has(0);
  let untouched: boolean | undefined;
  return (id) => {
    const types = events.typesOf(id);
    if (types.length > 0) return allows(types);
    untouched ??= allows([]);
    return untouched;
  };
}

function userOf({ users, userId }: Pick<EligibilityRequest, 'users' | 'userId'>): FilterRequest['user'] {
  const row = users && rowIn(users, userId);
  return users && row !== undefined ? { rows: users, row } : undefined;
}

function rowIn(attributes: Attributes, id: string | undefined): number | undefined {
  const row = id === undefined ? -1 : attributes.rowOf(id);
  return row < 0 ? undefined : row;
}
