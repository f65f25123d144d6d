import { bindFilter } from './bind.ts';
import type { Rows } from './columns.ts';
import type { AnyClause, BoundClause, Filter, UserTest } from './filter.ts';
import type { FilterValues } from './filter-values.ts';
import { isConstant } from './needs.ts';
import { cellAt, meets, predicateOf } from './predicate.ts';
import { RowMask } from './row-mask.ts';
import { columnOf, type FilterRequest, whereMask } from './where-mask.ts';

/** A filter at work on one state of the columns. What is the same for all requests is evaluated once, at the start. */
export class CompiledFilter {
  readonly #filter: Filter;
  readonly #rows: Rows;
  readonly #constants: ReadonlyMap<AnyClause['where'], RowMask>;

  constructor(filter: Filter, rows: Rows) {
    this.#filter = filter;
    this.#rows = rows;
    const constants = new Map<AnyClause['where'], RowMask>();
    for (const { where } of filter.clauses)
      if (isConstant(where)) constants.set(where, whereMask(where, rows, noRequest));
    this.#constants = constants;
  }

  /**
   * The rows that the filter keeps.
   *
   * @throws FilterValuesError as `bindFilter` does
   */
  evaluate(values: FilterValues, request: FilterRequest): RowMask {
    const { clauses } = bindFilter(this.#filter, values);
    const inForce = clauses.filter(({ tests }) => tests.every((test) => isMet(test, request)));
    const { count } = this.#rows;
    const includes = inForce.filter(({ action }) => action === 'INCLUDE');
    const kept = includes.length > 0 ? RowMask.none(count) : RowMask.all(count);
    for (const { where } of includes) kept.addAll(this.#mask(where, request));
    for (const { action, where } of inForce) if (action === 'EXCLUDE') kept.removeAll(this.#mask(where, request));
    return kept;
  }

  #mask(where: BoundClause['where'], request: FilterRequest): RowMask {
    return this.#constants.get(where) ?? whereMask(where, this.#rows, request);
  }
}

const noRequest: FilterRequest = { events: new Map(), user: undefined, currentItem: undefined };

/** A user without a value meets no test, whatever its operator. */
function isMet(test: UserTest<never>, { user }: FilterRequest): boolean {
  const predicate = predicateOf(test, () => undefined);
  const cell = user && cellAt(columnOf(user.rows, predicate), user.row);
  return cell !== undefined && meets(cell, predicate);
}
