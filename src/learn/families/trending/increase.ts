/**
 * How much of what really increases lists contain: the increase of their items from one interval to the next, over that
 * of as many items that increase most (`trend_prediction_accuracy`, spec training.md §9.3). An item that decreases adds
 * nothing.
 */
export class IncreaseShare {
  readonly #increase: Int32Array;
  readonly #length: number;
  #found = 0;
  #best = 0;

  /** @param length of the lists */
  constructor(itemCount: number, length: number) {
    this.#increase = new Int32Array(itemCount);
    this.#length = length;
  }

  /** Of all lists that were added; 0 where nothing increased. */
  get share(): number {
    return this.#best === 0 ? 0 : this.#found / this.#best;
  }

  /**
   * @param last items of the interactions in the interval that the list was made from
   * @param next the same in the interval after that
   */
  add(list: Iterable<number>, last: Uint32Array, next: Uint32Array): void {
    const increase = this.#increase;
    for (const item of last) increase[item] -= 1;
    for (const item of next) increase[item] += 1;
    for (const item of list) this.#found += Math.max(increase[item], 0);
    const most = Array.from(new Set(next), (item) => increase[item]).sort((one, other) => other - one);
    for (const one of most.slice(0, this.#length)) this.#best += Math.max(one, 0);
    for (const items of [last, next]) for (const item of items) increase[item] = 0;
  }
}
