import { LRUCache } from 'lru-cache';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { Rows } from '../../data/views/attributes/columns.ts';
import type { EventsByType } from '../../data/views/events-by-type/events-by-type.ts';
import type { Vocabulary } from '../../learn/model/vocabulary.ts';
import type { Candidates } from '../exploration/candidates.ts';
import { CompiledFilter } from '../filters/compiled-filter.ts';
import type { ItemFilter } from '../filters/filter.ts';
import { PredicateMasks } from '../filters/predicate-masks.ts';
import { ModelPredicates } from './model-predicates.ts';
import { ModelRows } from './model-rows.ts';
import { RowLookup } from './row-lookup.ts';

/** Filters of a dataset group that are compiled at a time. */
const mostFilters = 100;

/** A filter on one state of the attributes. */
export type FilterOnItems = {
  /** On all rows. */
  ofRows(): CompiledFilter;
  /** On the items of a model, in their order. */
  ofModel(model: ModelRows): CompiledFilter;
  /** On the one row of an item of which nothing is said. */
  readonly unknown: CompiledFilter;
};

/** What is kept of one state of the attributes. */
type State = {
  readonly version: number;
  readonly masks: PredicateMasks;
  readonly ofModels: WeakMap<ModelRows, ModelPredicates>;
  readonly filters: LRUCache<string, FilterOnItems>;
};

const unknownItem: Rows = { count: 1, column: () => undefined };

/** What was worked out on the items of a view. It goes with the view, each part with what else it is of. */
export class AttributesUse {
  readonly #attributes: Attributes;
  readonly #models = new WeakMap<Vocabulary, Promise<ModelRows>>();
  readonly #events = new WeakMap<EventsByType, RowLookup>();
  readonly #candidates = new WeakMap<Candidates, RowLookup>();
  #state: State | undefined;

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
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

  /** A filter at work on the attributes as they are now. @param key tells it from all others of the group */
  compiled(key: string, filter: ItemFilter): FilterOnItems {
    const state = this.#stateOfNow();
    const known = state.filters.get(key);
    if (known) return known;
    const attributes = this.#attributes;
    const ofModels = new WeakMap<ModelRows, CompiledFilter>();
    let ofRows: CompiledFilter | undefined;
    const compiled: FilterOnItems = {
      ofRows() {
        ofRows ??= new CompiledFilter(filter, attributes, state.masks);
        return ofRows;
      },
      ofModel: (model) =>
        kept(ofModels, model, () => new CompiledFilter(filter, attributes, predicatesOf(model, state))),
      unknown: new CompiledFilter(filter, unknownItem),
    };
    state.filters.set(key, compiled);
    return compiled;
  }

  #stateOfNow(): State {
    const { version } = this.#attributes;
    if (this.#state?.version !== version) {
      const [masks, filters] = [
        new PredicateMasks(this.#attributes),
        new LRUCache<string, FilterOnItems>({ max: mostFilters }),
      ];
      this.#state = { version, masks, filters, ofModels: new WeakMap() };
    }
    return this.#state;
  }
}

const predicatesOf = (model: ModelRows, { masks, ofModels }: State) =>
  kept(ofModels, model, () => new ModelPredicates(model, masks));

/** What there is of a key, which is made where there is nothing. */
function kept<Key extends object, Value>(values: WeakMap<Key, Value>, key: Key, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = make();
  values.set(key, value);
  return value;
}
