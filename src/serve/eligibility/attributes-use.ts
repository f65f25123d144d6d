import { LRUCache } from 'lru-cache';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { Rows } from '../../data/views/attributes/columns.ts';
import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import type { Candidates } from '../exploration/candidates.ts';
import { CompiledFilter } from '../filters/compiled-filter.ts';
import type { Filter } from '../filters/filter.ts';
import { PredicateMasks } from '../filters/predicate-masks.ts';
import { ModelPredicates } from './model-predicates.ts';
import { ModelRows } from './model-rows.ts';
import { RowLookup } from './row-lookup.ts';

/** Filters of a dataset group that are compiled at a time. */
const mostFilters = 100;

/** A filter on the attributes of items, users or actions, kept up with their changes. */
export type FilterOnItems = {
  /** On all rows. */
  ofRows(): CompiledFilter;
  /** On the items of a model, in their order. */
  ofModel(model: ModelRows): CompiledFilter;
  /** On the one row of an item of which nothing is said. */
  readonly unknown: CompiledFilter;
};

const unknownItem: Rows = { count: 1, column: () => undefined };

/**
 * What was worked out on the items, users or actions of a view. It goes with the view, each part with what else it is
 * of.
 */
export class AttributesUse {
  readonly #attributes: Attributes;
  readonly #models = new WeakMap<Vocabulary, Promise<ModelRows>>();
  readonly #events = new WeakMap<EventsByType, RowLookup>();
  readonly #candidates = new WeakMap<Candidates, RowLookup>();
  readonly #masks: PredicateMasks;
  readonly #predicates = new WeakMap<ModelRows, ModelPredicates>();
  readonly #filters = new LRUCache<string, FilterOnItems>({ max: mostFilters });

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
    this.#masks = new PredicateMasks(attributes);
  }

  /** The rows of a model's items, which are added where there are none. */
  rowsOf(items: Vocabulary): Promise<ModelRows> {
    return kept(this.#models, items, () => {
      const rows = ModelRows.of(items, this.#attributes);
      rows.catch(() => this.#models.delete(items));
      return rows;
    });
  }

  /** By the indexes of the items of events. */
  rowsOfEvents(events: EventsByType): RowLookup {
    const idOf = (index: number) => events.itemId(index);
    return kept(this.#events, events, () => new RowLookup(this.#attributes, idOf));
  }

  /** By the indexes of candidates, which never name another item. */
  rowsOfCandidates(candidates: Candidates): RowLookup {
    const idOf = (index: number) => candidates.items[index].id;
    return kept(this.#candidates, candidates, () => new RowLookup(this.#attributes, idOf));
  }

  /** A filter at work on the attributes. @param key tells it from all others of the group */
  compiled(key: string, filter: Filter): FilterOnItems {
    const known = this.#filters.get(key);
    if (known) return known;
    const [attributes, masks] = [this.#attributes, this.#masks];
    const ofModels = new WeakMap<ModelRows, CompiledFilter>();
    let ofRows: CompiledFilter | undefined;
    const compiled: FilterOnItems = {
      ofRows() {
        ofRows ??= new CompiledFilter(filter, attributes, masks);
        return ofRows;
      },
      ofModel: (model) =>
        kept(ofModels, model, () => new CompiledFilter(filter, attributes, this.#predicatesOf(model))),
      unknown: new CompiledFilter(filter, unknownItem),
    };
    this.#filters.set(key, compiled);
    return compiled;
  }

  #predicatesOf(model: ModelRows): ModelPredicates {
    return kept(this.#predicates, model, () => new ModelPredicates(model, this.#attributes, this.#masks));
  }
}

/** What there is of a key, which is made where there is nothing. */
function kept<Key extends object, Value>(values: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = make();
  values.set(key, value);
  return value;
}
