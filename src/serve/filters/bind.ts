import assert from 'node:assert/strict';
import { isDecimal } from '../../util/decimal.ts';
import {
  type AnyClause,
  type AttributeCondition,
  type BoundClause,
  type BoundFilter,
  type Column,
  type CurrentItem,
  type EventCondition,
  type Filter,
  isNumber,
  type Placeholder,
} from './filter.ts';
import { FilterValuesError } from './filter-error.ts';
import { checkCount, type FilterValues, valuesOf } from './filter-values.ts';
import { isBound, placeholdersOf } from './needs.ts';
import { mapConditions, type NonEmpty } from './syntax.ts';

/**
 * Puts the values of a request into the placeholders of a filter. Names are case sensitive; entries that the filter
 * does not use are ignored. An EXCLUDE clause that lacks a value for one of its placeholders is left out.
 *
 * @throws FilterValuesError where an INCLUDE clause lacks a value, a comparison has several, or one is no number
 */
export function bindFilter({ subject, clauses }: Filter, entries: FilterValues): BoundFilter {
  checkCount(entries);
  return { subject, clauses: clauses.flatMap((clause) => bindClause(clause, entries) ?? []) };
}

/** @returns undefined for an EXCLUDE clause that lacks a value @throws FilterValuesError as `bindFilter` does */
export function bindClause(clause: AnyClause, entries: FilterValues): BoundClause | undefined {
  const bound: Bound = new Map();
  for (const { name } of placeholdersOf(clause)) {
    const values = valuesOf(entries, name);
    if (values) bound.set(name, values);
    else if (clause.action === 'EXCLUDE') return undefined;
    else throw new FilterValuesError(`The filter needs a value for the parameter ${name} in filterValues.`, name);
  }
  const { action, where, tests } = clause;
  return { action, where: bindWhere(where, bound), tests: tests.map((test) => bindAttribute<never>(test, bound)) };
}

/** The values of each placeholder of a clause. */
type Bound = Map<string, NonEmpty<string>>;

/** What is bound already comes back itself, so that its mask can be kept. */
function bindWhere(where: AnyClause['where'], bound: Bound): BoundClause['where'] {
  if (isBound(where)) return where;
  return where.kind === 'attributes'
    ? { ...where, anyOf: mapConditions(where.anyOf, (condition) => bindAttribute(condition, bound)) }
    : { ...where, anyOf: mapConditions(where.anyOf, (condition) => bindEvent(condition, bound)) };
}

function bindAttribute<Reference extends CurrentItem>(
  condition: AttributeCondition<Placeholder, Reference>,
  bound: Bound,
): AttributeCondition<never, Reference> {
  const { operator, right } = condition;
  switch (operator) {
    case 'NOT IN':
      return condition;
    case 'IN':
      return right.kind === 'placeholder'
        ? { ...condition, right: { kind: 'values', values: valuesFor(right.name, condition.column, bound) } }
        : { ...condition, right };
    default:
      return right.kind === 'placeholder'
        ? { ...condition, right: { kind: 'values', values: [valueFor(right.name, condition.column, bound)] } }
        : { ...condition, right };
  }
}

function bindEvent(condition: EventCondition, bound: Bound): EventCondition<never> {
  const { operator, right } = condition;
  if (operator === 'NOT IN') return condition;
  if (right.kind !== 'placeholder') return { operator, right };
  const values = take(right.name, bound);
  const isAny = values.length === 1 && values[0] === '*';
  return { operator, right: isAny ? { kind: 'any-event' } : { kind: 'values', values } };
}

/** The one value that a comparison takes. */
function valueFor(name: string, column: Column, bound: Bound): string {
  const values = valuesFor(name, column, bound);
  if (values.length === 1) return values[0];
  const reason = `is compared to ${column.name}, which takes one value, but filterValues has ${values.length}`;
  throw new FilterValuesError(`The parameter ${name} ${reason}.`, name);
}

function valuesFor(name: string, column: Column, bound: Bound): NonEmpty<string> {
  const values = take(name, bound);
  const wrong = isNumber(column) ? values.find((value) => !isDecimal(value)) : undefined;
  if (wrong === undefined) return values;
  const shown = wrong.length <= 40 ? wrong : `${wrong.slice(0, 40)}…`;
  throw new FilterValuesError(`The parameter ${name} is a number, but filterValues has "${shown}".`, name);
}

function take(name: string, bound: Bound): NonEmpty<string> {
  const values = bound.get(name);
  assert(values, 'Each placeholder of the clause has values.');
  return values;
}
