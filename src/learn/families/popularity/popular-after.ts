import { isEligible } from '../../model/item-mask.ts';
import type { ListQuery } from '../../model/item-model.ts';
import type { ItemRanking } from './item-ranking.ts';

/** The related items that a query may have, then popular ones; never the item that it is about. */
export function popularAfter(
  related: Uint32Array,
  popular: ItemRanking,
  { item: seed, count, eligible }: ListQuery & { readonly item: number },
): Uint32Array {
  const found = new Set<number>();
  const take = (ranking: Uint32Array) => {
    for (const item of ranking) {
      if (found.size === count) return;
      if (item !== seed && (eligible === undefined || isEligible(eligible, item))) found.add(item);
    }
  };
  take(related);
  // Those that are there already, and the item itself, may be among the popular ones.
  if (found.size < count) take(popular.first({ count: count + found.size + 1, eligible }));
  return Uint32Array.from(found);
}
