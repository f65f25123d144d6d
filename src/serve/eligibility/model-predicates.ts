import type { Rows } from '../../data/views/attributes/columns.ts';
import type { MaskSource } from '../filters/followed-mask.ts';
import { KeptMasks } from '../filters/kept-masks.ts';
import type { Predicate } from '../filters/predicate.ts';
import type { PredicateMasks, PredicateRows } from '../filters/predicate-masks.ts';
import { rowTest } from '../filters/retain.ts';
import { RowMask } from '../filters/row-mask.ts';
import type { ModelRows } from './model-rows.ts';

/** The rows of a model's items that meet predicates, in the order of the model: what was gathered once is kept. */
export class ModelPredicates implements PredicateRows {
  readonly #model: ModelRows;
  readonly #rows: Rows;
  readonly #masks: PredicateMasks;
  readonly #kept = new KeptMasks();

  /** @param masks of the rows */
  constructor(model: ModelRows, rows: Rows, masks: PredicateMasks) {
    this.#model = model;
    this.#rows = rows;
    this.#masks = masks;
  }

  get count(): number {
    return this.#model.size;
  }

  positionOf(row: number): number {
    return this.#model.itemAt(row);
  }

  retain(mask: RowMask, predicate: Predicate): void {
    if (this.#model.isInOrder) this.#masks.retain(mask, predicate);
    else mask.retainAll(this.#kept.find(predicate, () => this.#sourceOf(predicate)));
  }

  #sourceOf(predicate: Predicate): MaskSource {
    return {
      rows: this.#rows,
      order: this,
      make: () => new RowMask(this.count, this.#model.maskOf(this.#masks.maskOf(predicate)).words),
      test: () => rowTest(predicate, this.#rows),
    };
  }
}
