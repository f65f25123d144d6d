import { LRUCache } from 'lru-cache';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { Rows } from '../../data/views/attributes/columns.ts';
import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import type { Candidates } from '../exploration/candidates.ts';
import { CompiledFilter } from '../filters/compiled-filter.ts';
import type { ItemFilter } from '../filters/filter.ts';
import { PredicateMasks } from '../filters/predicate-masks.ts';
import { ModelRows } from './model-rows.ts';
import { RowLookup } from './row-lookup.ts';

/** Filters of a dataset group that are compiled at a time. */
const mostFilters = 100;

/** A filter on the rows of a view, and on the one row of an item that has none there. */
export type FilterOnItems = { readonly rows: CompiledFilter; readonly unknown: CompiledFilter };

/** The row of an item of which nothing is said. */
const unknownItem: Rows = { count: 1, column: () => undefined };

/** What was worked out on the items of a view. It goes with the view, each part with what else it is of. */
export class AttributesUse {
  readonly #attributes: Attributes;
  readonly #models = new WeakMap<Vocabulary, Promise<ModelRows>>();
  readonly #events = new WeakMap<EventsByType, RowLookup>();
  readonly #candidates = new WeakMap<Candidates, RowLookup>();
  #compiled: { readonly version: number; readonly masks: PredicateMasks } | undefined;
  readonly #filters = new LRUCache<string, FilterOnItems>({ max: mostFilters });

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  async rowsOf(items: Vocabulary): Promise<ModelRows> {
    const known = this.#models.get(items);
    if (known) return await known;
    const found = ModelRows.of(items, this.#attributes);
    this.#models.set(items, found);
    found.catch(() => this.#models.delete(items));
    return await found;
  }

  /** By the indexes of the items of events. */
  rowsOfEvents(events: EventsByType): RowLookup {
    return this.#lookup(this.#events, events, (index) => events.itemId(index));
  }

  /** By the indexes of candidates, which never name another item. */
  rowsOfCandidates(candidates: Candidates): RowLookup {
    return this.#lookup(this.#candidates, candidates, (index) => candidates.items[index].id);
  }

  /** A filter at work on the attributes as they are now. @param key tells it from all others of the group */
  compiled(key: string, filter: ItemFilter): FilterOnItems {
    const masks = this.#masksOfNow();
    const known = this.#filters.get(key);
    if (known) return known;
    const compiled = {
      rows: new CompiledFilter(filter, this.#attributes, masks),
      unknown: new CompiledFilter(filter, unknownItem),
    };
    this.#filters.set(key, compiled);
    return compiled;
  }

  /** Forgets what is of an earlier version of the attributes. */
  #masksOfNow(): PredicateMasks {
    const { version } = this.#attributes;
    if (this.#compiled?.version !== version) {
      this.#compiled = { version, masks: new PredicateMasks(this.#attributes) };
      this.#filters.clear();
    }
    return this.#compiled.masks;
  }

  #lookup<Key extends object>(lookups: WeakMap<Key, RowLookup>, key: Key, idOf: (index: number) => string): RowLookup {
    const known = lookups.get(key);
    if (known) return known;
    const lookup = new RowLookup(this.#attributes, idOf);
    lookups.set(key, lookup);
    return lookup;
  }
}
