import { GrowingArray, sharedShorts } from '../../../data/views/growing-array.ts';

const most = 2 ** 16 - 1;

/** Counts by item within a short time: two bytes each, and more for the few that need it. */
export class StepCounts {
  readonly #counts = new GrowingArray(sharedShorts);
  /** What an item has beyond what two bytes hold. */
  readonly #beyond = new Map<number, number>();
  #size = 0;
  total = 0;

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#counts.bytes;
  }

  /** @param count a whole number */
  add(item: number, count: number): void {
    if (item >= this.#size) {
      this.#size = item + 1;
      this.#counts.reserve(this.#size);
    }
    this.total += count;
    const { values } = this.#counts;
    const sum = values[item] + count;
    values[item] = Math.min(sum, most);
    if (sum > most) this.#beyond.set(item, (this.#beyond.get(item) ?? 0) + sum - most);
  }

  /** Adds the counts of the items from `start` on to `sums`, one for each. */
  addTo(sums: Float64Array, start: number): void {
    const { values } = this.#counts;
    const end = Math.min(start + sums.length, this.#size);
    for (let item = start; item < end; item++) sums[item - start] += values[item];
    for (const [item, count] of this.#beyond) if (item >= start && item < end) sums[item - start] += count;
  }

  clear(): void {
    if (this.total === 0) return;
    this.#counts.values.fill(0, 0, this.#size);
    this.#beyond.clear();
    this.#size = 0;
    this.total = 0;
  }
}
