import { eventTypeKey } from '../../data/records/action-event-types.ts';
import type { Rows } from '../../data/views/attributes/columns.ts';
import type { NumberRange } from '../../learn/kernels/row-selection.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { AnyEvent, AttributeCondition, BoundClause, EventCondition, Several } from './filter.ts';
import type { MaskSource } from './followed-mask.ts';
import { cellAt, type NumberPredicate, type Predicate, predicateOf } from './predicate.ts';
import type { PredicateRows } from './predicate-masks.ts';
import { rowTest } from './retain.ts';
import { RowMask } from './row-mask.ts';
import { typeOf } from './syntax.ts';

type EventDataset = Extract<BoundClause['where'], { readonly kind: 'events' }>['dataset'];

/** The rows with events of a type: one after another or, where they are a good part of all, as a mask. */
export type RowsWithEvents = Iterable<number> | ItemMask;

/** By event type, however it is written, the rows with such events. */
type Events = ReadonlyMap<string, RowsWithEvents>;

/** What a filter asks of the user and the item of a request. */
export type FilterRequest = {
  /** Of the requesting user, on items or actions. For a filter of users: those of all users, whose rows they are. */
  readonly events: Events;
  /** The user's row among those of users; undefined for one without attributes. */
  readonly user: { readonly rows: Rows; readonly row: number } | undefined;
  /** The row of the item that the request is about; undefined for one without attributes. */
  readonly currentItem: number | undefined;
};

type ConstantConditions = Extract<BoundClause['where'], { readonly kind: 'attributes' }>;

/** The rows of a dataset, and those that meet predicates, in the order that masks have. */
export type FilteredRows = { readonly rows: Rows; readonly predicates: PredicateRows };

/** The rows that meet the conditions of a clause. @param mask takes the rows, whatever it had */
export function whereMask(
  where: BoundClause['where'],
  filtered: FilteredRows,
  request: FilterRequest,
  mask = new RowMask(filtered.predicates.count),
): RowMask {
  const { count } = filtered.predicates;
  const alternatives =
    where.kind === 'attributes'
      ? where.anyOf.map((all) => (into: RowMask) => meetAll(all, filtered, request.currentItem, into.fill()))
      : where.anyOf.map((all) => (into: RowMask) => happenAll(where.dataset, all, request.events, into.clear()));
  const [first, ...others] = alternatives;
  first(mask);
  for (const other of others) mask.addAll(other(new RowMask(count)));
  return mask;
}

const noRequest: FilterRequest = { events: new Map(), user: undefined, currentItem: undefined };

/** The rows that meet the conditions of a clause which holds for the same ones in every request. */
export function constantSource(where: ConstantConditions, filtered: FilteredRows): MaskSource {
  const { rows, predicates: order } = filtered;
  const anyOf = where.anyOf.map((all) => all.map((condition) => predicateOf(condition, () => undefined)));
  return {
    rows,
    order,
    make: (left) => whereMask(where, filtered, noRequest, left?.size === order.count ? left : undefined),
    test() {
      const tests = anyOf.map((all) => all.map((predicate) => rowTest(predicate, rows)));
      return (row) => tests.some((all) => all.every((test) => test(row)));
    },
  };
}

/** Removes the rows that do not meet all conditions. */
function meetAll(
  conditions: readonly AttributeCondition<never>[],
  { rows, predicates: source }: FilteredRows,
  currentItem: number | undefined,
  mask: RowMask,
): RowMask {
  const current = (column: string) => cellAt(rows.column(column), currentItem);
  const predicates = conditions.map((condition) => predicateOf(condition, current));
  for (const predicate of joined(predicates)) source.retain(mask, predicate);
  return mask;
}

/** One predicate for all comparisons of a column, as of the two that are a range: each costs a pass over the rows. */
function joined(predicates: readonly Predicate[]): readonly Predicate[] {
  const others: Predicate[] = [];
  const ranges = new Map<string, NumberPredicate>();
  for (const predicate of predicates) {
    if (predicate.kind === 'text' || predicate.negated) others.push(predicate);
    else ranges.set(predicate.column, intersection(predicate, ranges.get(predicate.column) ?? predicate));
  }
  return [...ranges.values(), ...others];
}

function intersection(one: NumberPredicate, other: NumberPredicate): NumberPredicate {
  return { ...one, ranges: one.ranges.flatMap((first) => other.ranges.flatMap((second) => overlap(first, second))) };
}

function overlap(one: NumberRange, other: NumberRange): readonly NumberRange[] {
  const low = one.low < other.low ? other.low : one.low;
  const high = one.high < other.high ? one.high : other.high;
  return low <= high ? [{ low, high }] : [];
}

/**
 * The rows of a clause on events with a single condition, as most are; undefined for any other, and where a mask of all
 * rows costs less than to go through them.
 */
export function rowsOfEvents(where: BoundClause['where'], events: Events): Iterable<number> | undefined {
  if (where.kind === 'attributes') return undefined;
  const [[condition, ...joinedByAnd], ...joinedByOr] = where.anyOf;
  if (joinedByAnd.length + joinedByOr.length > 0) return undefined;
  const lists: Iterable<number>[] = [];
  for (const rows of rowsWith(where.dataset, condition, events)) {
    if (isMask(rows)) return undefined;
    lists.push(rows);
  }
  return lists.length === 1 ? lists[0] : each(lists);
}

/** Adds the rows with events as all of the conditions say. */
function happenAll(
  dataset: EventDataset,
  [first, ...others]: readonly EventCondition<never>[],
  events: Events,
  mask: RowMask,
): RowMask {
  for (const rows of rowsWith(dataset, first, events)) {
    if (isMask(rows)) mask.addAll(rows);
    else for (const row of rows) mask.add(row);
  }
  for (const condition of others) mask.retainAll(happenAll(dataset, [condition], events, new RowMask(mask.size)));
  return mask;
}

function* rowsWith(
  dataset: EventDataset,
  { operator, right }: EventCondition<never>,
  events: Events,
): Iterable<RowsWithEvents> {
  const isNamed = naming(right, (type) => eventTypeKey(typeOf[dataset], type));
  for (const [type, rows] of events) if (isNamed(type) === (operator === 'IN')) yield rows;
}

const isMask = (rows: RowsWithEvents): rows is ItemMask => 'words' in rows;

function* each(lists: readonly Iterable<number>[]): Iterable<number> {
  for (const rows of lists) yield* rows;
}

/** Whether an event type is one of those named. */
function naming(right: Several | AnyEvent, keyOf: (type: string) => string): (type: string) => boolean {
  if (right.kind === 'any-event') return () => true;
  const named = new Set(right.values.map(keyOf));
  return (type) => named.has(keyOf(type));
}
