import { countBits } from '../../kernels/bits.ts';
import { eligibleItems, type ItemMask } from '../../model/item-mask.ts';
import type { ListQuery } from '../../model/item-model.ts';
import { firstEligible } from './popular-items.ts';

/** Of so small a share of all items, each is looked up: less than to go through the ranking until enough are found. */
const few = 1 / 128;
const unranked = 0xffffffff;

/** Items, best first, whatever is asked. */
export class ItemRanking {
  readonly #ranking: Uint32Array;
  readonly #itemCount: number;
  /** By item. Made when it is first needed. */
  #ranks: Uint32Array | undefined;

  /** @param ranking some of the items below `itemCount`, each once */
  constructor(ranking: Uint32Array, itemCount: number) {
    this.#ranking = ranking;
    this.#itemCount = itemCount;
  }

  /** Memory it holds, in bytes, with what it may still make. */
  get bytes(): number {
    return this.#ranking.byteLength + 4 * this.#itemCount;
  }

  /** Where an item stands, from 0; −1 where it does not. */
  indexOf(item: number): number {
    return this.#ranking.indexOf(item);
  }

  /** The first items that a query may have. */
  first({ count, eligible }: Pick<ListQuery, 'count' | 'eligible'>): Uint32Array {
    const most = few * this.#itemCount;
    if (eligible === undefined || countBits(eligible.words, most) > most) {
      return firstEligible(this.#ranking, { count, eligible });
    }
    return this.#firstOfFew(eligible, count);
  }

  #firstOfFew(eligible: ItemMask, count: number): Uint32Array {
    this.#ranks ??= this.#makeRanks();
    const ranks = this.#ranks;
    const ranked = eligibleItems(eligible).filter((item) => ranks[item] !== unranked);
    return ranked.sort((one, other) => ranks[one] - ranks[other]).subarray(0, count);
  }

  #makeRanks(): Uint32Array {
    const ranks = new Uint32Array(this.#itemCount).fill(unranked);
    for (let rank = 0; rank < this.#ranking.length; rank++) ranks[this.#ranking[rank]] = rank;
    return ranks;
  }
}
