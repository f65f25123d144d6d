import { eventTypeKey } from '../../data/records/action-event-types.ts';
import type { AnyClause, AttributeCondition, BoundClause, Filter, Placeholder } from './filter.ts';
import { type Dataset, typeOf } from './syntax.ts';

/** What a filter asks of a request and of the views on data. */
export type FilterNeeds = {
  /** A request must give its `userId`: some clause speaks of that user's events or attributes. */
  readonly userId: boolean;
  /** A request must be one for related items: some condition compares to CurrentItem. */
  readonly itemId: boolean;
  /** In each clause once. Without a value a request fails where it is required; otherwise the clause is left out. */
  readonly placeholders: readonly { readonly name: string; readonly clause: number; readonly required: boolean }[];
  /** The columns that are read, by dataset. Their number is what the service's limits on fields count. */
  readonly columns: ReadonlyMap<Dataset, ReadonlySet<string>>;
  /** Event types that are asked for (`eventTypeKey`), or any; undefined where no clause speaks of events. */
  readonly eventTypes: ReadonlySet<string> | 'any' | undefined;
};

export function needsOf({ subject, clauses }: Filter): FilterNeeds {
  const events = clauses.some(({ where }) => where.kind === 'events');
  return {
    userId: (events && subject !== 'UserID') || clauses.some(({ tests }) => tests.length > 0),
    itemId: clauses.some((clause) => attributesOf(clause).some(({ right }) => right.kind === 'current-item')),
    placeholders: clauses.flatMap((clause, index) =>
      placeholdersOf(clause).map(({ name }) => ({ name, clause: index, required: clause.action === 'INCLUDE' })),
    ),
    columns: columnsOf(clauses),
    eventTypes: events ? eventTypesOf(clauses) : undefined,
  };
}

/** The placeholders of a clause, each once, those of its tests included. */
export function placeholdersOf(clause: AnyClause): readonly Placeholder[] {
  const operands = [...clause.where.anyOf.flat(), ...clause.tests].map(({ right }) => right);
  const placeholders = operands.filter((right) => right.kind === 'placeholder');
  return [...new Map(placeholders.map((placeholder) => [placeholder.name, placeholder])).values()];
}

/** Whether nothing of it waits for a request's values. */
export const isBound = (where: AnyClause['where']): where is BoundClause['where'] =>
  where.anyOf.flat().every(({ right }) => right.kind !== 'placeholder');

/** Whether it holds for the same things in every request. */
export const isConstant = (
  where: AnyClause['where'],
): where is Extract<BoundClause['where'], { readonly kind: 'attributes' }> =>
  where.kind === 'attributes' && where.anyOf.flat().every(({ right }) => right.kind === 'values');

function columnsOf(clauses: readonly AnyClause[]): ReadonlyMap<Dataset, ReadonlySet<string>> {
  const columns = new Map<Dataset, Set<string>>();
  const add = (dataset: Dataset, name: string) => {
    const names = columns.get(dataset) ?? new Set();
    columns.set(dataset, names.add(name));
  };
  for (const clause of clauses) {
    const { where, tests } = clause;
    if (where.kind === 'events') add(where.dataset, 'EVENT_TYPE');
    else for (const { column } of where.anyOf.flat()) add(where.dataset, column.name);
    for (const { right } of attributesOf(clause)) if (right.kind === 'current-item') add('Items', right.column.name);
    for (const { column } of tests) add('Users', column.name);
  }
  return columns;
}

function eventTypesOf(clauses: readonly AnyClause[]): ReadonlySet<string> | 'any' {
  const types = new Set<string>();
  for (const { where } of clauses) {
    if (where.kind !== 'events') continue;
    for (const { operator, right } of where.anyOf.flat()) {
      if (operator === 'NOT IN' || right.kind !== 'values') return 'any';
      for (const type of right.values) types.add(eventTypeKey(typeOf[where.dataset], type));
    }
  }
  return types;
}

const attributesOf = ({ where }: AnyClause): readonly AttributeCondition[] =>
  where.kind === 'attributes' ? where.anyOf.flat() : [];
