import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import type { FilterNeeds } from '../filters/needs.ts';
import type { RowLookup } from './row-lookup.ts';

/** What a user did, as far as a filter asks for it. */
export type UserEvents = {
  /** By event type, the rows of items. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
  /** Of items that have no row: the event types by id. */
  typesOf(id: string): readonly string[];
};

export const noEvents: UserEvents = { rows: new Map(), typesOf: () => [] };

export function eventsOf(
  userId: string,
  events: EventsByType,
  { eventTypes = new Set() }: FilterNeeds,
  lookup: RowLookup,
): UserEvents {
  const rows = new Map<string, readonly number[]>();
  const others: { readonly type: string; readonly index: number }[] = [];
  for (const [type, indexes] of events.find(userId)) {
    if (eventTypes !== 'any' && !eventTypes.has(type.toLowerCase())) continue;
    const found: number[] = [];
    for (const index of indexes) {
      const row = lookup.rowOf(index);
      if (row >= 0) found.push(row);
      else others.push({ type, index });
    }
    rows.set(type, found);
  }
  let byId: ReadonlyMap<string, readonly string[]> | undefined;
  const typesOf = (id: string) => {
    byId ??= typesById(others.map(({ type, index }) => ({ type, id: events.itemId(index) })));
    return byId.get(id) ?? [];
  };
  return { rows, typesOf };
}

function typesById(events: readonly { readonly type: string; readonly id: string }[]): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { type, id } of events) {
    const known = types.get(id);
    if (known) known.push(type);
    else types.set(id, [type]);
  }
  return types;
}
