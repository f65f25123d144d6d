import type { Rows } from '../../data/views/attributes/columns.ts';
import { eligibleCount } from '../../learn/model/item-mask.ts';
import { bindClause, bindFilter } from './bind.ts';
import type { ClauseCount } from './clause-count.ts';
import type { AnyClause, BoundClause, Filter, UserTest } from './filter.ts';
import type { FilterValues } from './filter-values.ts';
import { FollowedMask } from './followed-mask.ts';
import { isConstant } from './needs.ts';
import { cellAt, meets, predicateOf } from './predicate.ts';
import { everyRow, type PredicateRows } from './predicate-masks.ts';
import { columnOf } from './retain.ts';
import { RowMask } from './row-mask.ts';
import { constantSource, type FilteredRows, type FilterRequest, rowsOfEvents, whereMask } from './where-mask.ts';

/**
 * A filter at work on columns. What is the same for all requests is evaluated once, at the start, and then kept up with
 * changes of the rows.
 */
export class CompiledFilter {
  readonly #filter: Filter;
  readonly #rows: FilteredRows;
  readonly #constants: ReadonlyMap<AnyClause['where'], FollowedMask>;

  /** @param predicates the order of the rows in masks and in the events of requests; that of `rows` unless given */
  constructor(filter: Filter, rows: Rows, predicates: PredicateRows = everyRow(rows)) {
    this.#filter = filter;
    this.#rows = { rows, predicates };
    const constants = new Map<AnyClause['where'], FollowedMask>();
    for (const { where } of filter.clauses) {
      if (isConstant(where)) constants.set(where, new FollowedMask(constantSource(where, this.#rows)));
    }
    this.#constants = constants;
  }

  /**
   * The rows that the filter keeps.
   *
   * @param kept takes them, whatever it had: to use one again spares the garbage collector a bit a row
   * @throws FilterValuesError as `bindFilter` does
   */
  evaluate(values: FilterValues, request: FilterRequest, kept = new RowMask(this.#rows.predicates.count)): RowMask {
    const { clauses } = bindFilter(this.#filter, values);
    const inForce = clauses.filter(({ tests }) => tests.every((test) => isMet(test, request)));
    const includes = inForce.filter(({ action }) => action === 'INCLUDE');
    const excludes = inForce.filter(({ action }) => action === 'EXCLUDE');
    this.#include(includes, kept, request);
    for (const { where } of excludes) this.#remove(where, kept, request);
    return kept;
  }

  /**
   * How many rows each clause lets pass or removes, in the order in which they count: INCLUDE clauses first.
   *
   * @throws FilterValuesError as `bindFilter` does
   */
  count(values: FilterValues, request: FilterRequest): ClauseCount[] {
    const clauses = this.#filter.clauses.map((clause, index) => ({ index, bound: bindClause(clause, values), clause }));
    const isInclude = ({ clause }: { readonly clause: AnyClause }) => clause.action === 'INCLUDE';
    const kept = new RowMask(this.#rows.predicates.count).fill();
    let left = eligibleCount(kept);
    let isFirst = true;
    return [...clauses.filter(isInclude), ...clauses.filter((each) => !isInclude(each))].map(
      ({ index, bound, clause }) => {
        const { action } = clause;
        if (!bound) return { clause: index, action, state: 'value missing', matches: 0, removed: 0, left };
        const isInForce = bound.tests.every((test) => isMet(test, request));
        if (!isInForce) return { clause: index, action, state: 'test not met', matches: 0, removed: 0, left };
        const mask = this.#mask(bound.where, request);
        if (action === 'EXCLUDE') kept.removeAll(mask);
        else if (isFirst) kept.copy(mask);
        else kept.addAll(mask);
        isFirst = false;
        const before = left;
        left = eligibleCount(kept);
        return { clause: index, action, state: 'in force', matches: eligibleCount(mask), removed: before - left, left };
      },
    );
  }

  /** Puts into `kept` what some clause includes; all rows where there is none. */
  #include([first, ...others]: readonly BoundClause[], kept: RowMask, request: FilterRequest): void {
    const constant = first && this.#constants.get(first.where)?.now();
    if (constant) kept.copy(constant);
    else if (first) whereMask(first.where, this.#rows, request, kept);
    else kept.fill();
    for (const { where } of others) kept.addAll(this.#mask(where, request));
  }

  #remove(where: BoundClause['where'], kept: RowMask, request: FilterRequest): void {
    const few = rowsOfEvents(where, request.events);
    if (few) for (const row of few) kept.remove(row);
    else kept.removeAll(this.#mask(where, request));
  }

  #mask(where: BoundClause['where'], request: FilterRequest): RowMask {
    return this.#constants.get(where)?.now() ?? whereMask(where, this.#rows, request);
  }
}

/** A user without a value meets no test, whatever its operator. */
function isMet(test: UserTest<never>, { user }: FilterRequest): boolean {
  const predicate = predicateOf(test, () => undefined);
  const cell = user && cellAt(columnOf(user.rows, predicate), user.row);
  return cell !== undefined && meets(cell, predicate);
}
