import type { ItemMask } from '../../learn/model/item-mask.ts';
import { KeptMasks } from '../filters/kept-masks.ts';
import type { Predicate } from '../filters/predicate.ts';
import type { PredicateMasks, PredicateRows } from '../filters/predicate-masks.ts';
import type { RowMask } from '../filters/row-mask.ts';
import type { ModelRows } from './model-rows.ts';

/** The rows of a model's items that meet predicates, in the order of the model: what was gathered once is kept. */
export class ModelPredicates implements PredicateRows {
  readonly #model: ModelRows;
  readonly #rows: PredicateMasks;
  readonly #kept = new KeptMasks<ItemMask>();

  constructor(model: ModelRows, rows: PredicateMasks) {
    this.#model = model;
    this.#rows = rows;
  }

  get count(): number {
    return this.#model.size;
  }

  retain(mask: RowMask, predicate: Predicate): void {
    if (this.#model.isInOrder) this.#rows.retain(mask, predicate);
    else mask.retainAll(this.#kept.find(predicate, () => this.#model.maskOf(this.#rows.maskOf(predicate))));
  }
}
