import { AttributeTable } from '../../data/views/attributes/attribute-table.ts';
import { fillFromFiles } from '../../data/views/attributes/fill.ts';
import { usersByType } from '../../data/views/events-by-type/users-by-type.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import { AttributesUse } from '../eligibility/attributes-use.ts';
import { bindFilter } from '../filters/bind.ts';
import type { CompiledFilter } from '../filters/compiled-filter.ts';
import type { UserFilter } from '../filters/filter.ts';
import type { FilterValues } from '../filters/filter-values.ts';
import { type FilterNeeds, needsOf } from '../filters/needs.ts';
import { RowMask } from '../filters/row-mask.ts';
import type { FilterRequest, RowsWithEvents } from '../filters/where-mask.ts';
import type { BatchFilter } from './batch-tasks.ts';

export type UserEligibilityOptions = {
  readonly filter: UserFilter;
  /** The datasets as they were when the job started, as far as the dataset group has them. */
  readonly data: Pick<BatchFilter, 'users' | 'interactions'>;
  /** Those of the model. */
  readonly users: Vocabulary;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

/**
 * Which users of a model a filter of users lets pass (spec filters.md §4). A user without a record has no attributes; a
 * condition on interactions says what a user has done, with any item.
 *
 * Memory: the ids of the users, at most 8 bytes a user and column, and a bit or 4 bytes a user and event type.
 */
export class UserEligibility {
  readonly #filter: UserFilter;
  readonly #compiled: CompiledFilter;
  readonly #events: ReadonlyMap<string, RowsWithEvents>;
  readonly #kept: RowMask;

  private constructor(
    filter: UserFilter,
    compiled: CompiledFilter,
    events: ReadonlyMap<string, RowsWithEvents>,
    users: number,
  ) {
    this.#filter = filter;
    this.#compiled = compiled;
    this.#events = events;
    this.#kept = new RowMask(users);
  }

  /** @throws what a disk does, the signal's reason when it is aborted */
  static async open({ filter, data, ...options }: UserEligibilityOptions): Promise<UserEligibility> {
    const { users } = options;
    const needs = needsOf(filter);
    const columns = needs.columns.get('Users') ?? new Set();
    const fields = (data.users?.schema.fields ?? []).filter(({ name }) => columns.has(name));
    const attributes = new AttributeTable({ idColumn: 'USER_ID', fields });
    const use = new AttributesUse(attributes);
    // First, so that the rows are in the order of the model.
    const rows = await use.rowsOf(users);
    if (fields.length > 0) await fillFromFiles(attributes, { files: data.users?.files ?? [], ...options });
    const events = await eventsOf(needs, data.interactions?.files ?? [], options);
    return new UserEligibility(filter, use.compiled('', filter).ofModel(rows), events, users.size);
  }

  /** @throws FilterValuesError where the values do not fit the placeholders */
  check(values: FilterValues): void {
    bindFilter(this.#filter, values);
  }

  /**
   * The users that the filter keeps.
   *
   * @returns a mask that the next call changes
   * @throws FilterValuesError where the values do not fit the placeholders
   */
  of(values: FilterValues): ItemMask {
    const request: FilterRequest = { events: this.#events, user: undefined, currentItem: undefined };
    return this.#compiled.evaluate(values, request, this.#kept);
  }
}

type EventOptions = Pick<UserEligibilityOptions, 'users' | 'temporaryFolder' | 'signal'>;
type InteractionFiles = NonNullable<BatchFilter['interactions']>['files'];

async function eventsOf(
  { eventTypes: types }: FilterNeeds,
  files: InteractionFiles,
  { users, ...options }: EventOptions,
): Promise<ReadonlyMap<string, RowsWithEvents>> {
  if (types === undefined) return new Map();
  const numberOf = (bytes: Uint8Array, start: number, end: number) => users.indexOfUtf8(bytes, start, end);
  const found = await usersByType({ files, types, numberOf, ...options });
  return new Map([...found].map(([type, rows]) => [type, compact(rows, users.size)]));
}

/** Whichever is smaller. */
function compact(rows: Uint32Array, users: number): RowsWithEvents {
  if (32 * rows.length < users) return rows;
  const mask = new RowMask(users);
  for (const row of rows) mask.add(row);
  return mask;
}
