import { ofEventType } from '../../histories/event-types.ts';
import type { Histories } from '../../histories/histories.ts';
import { transpose } from '../../kernels/csr.ts';
import { itemRows, type SparseItemRows } from '../item-pairs/item-rows.ts';
import { cosines, keptEntries, type PairSignals } from '../similar-items/pair-signals.ts';
import { basketsOf } from './baskets.ts';

/** Added to the baskets of an item: what few baskets say is less sure. */
const shrinkage = 2;

/**
 * Row by row, of the row's item and another: the share of its baskets that the other is in, where a basket counts by
 * one over the number of its other items (Newman 2001); and the cosine of who bought the two at whatever time.
 */
export async function basketSignals(
  histories: Histories,
  itemCount: number,
  signal: AbortSignal,
): Promise<PairSignals> {
  const most = keptEntries(itemCount);
  const purchases = ofEventType(histories, 'Purchase');
  return {
    basket: await basketShares(histories, itemCount, most, signal),
    bought: await cosines(purchases, itemCount, most, signal),
  };
}

function basketShares(
  histories: Histories,
  itemCount: number,
  most: number,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const baskets = basketsOf(histories, itemCount);
  const ofItems = transpose(baskets);
  return itemRows({
    itemCount,
    most,
    signal,
    addPairs(item, add) {
      for (let at = ofItems.offsets[item]; at < ofItems.offsets[item + 1]; at++) {
        const row = ofItems.indices[at];
        const [begin, end] = [baskets.offsets[row], baskets.offsets[row + 1]];
        for (let n = begin; n < end; n++) {
          if (baskets.indices[n] !== item) add(baskets.indices[n], 1 / (end - begin - 1));
        }
      }
    },
    worthOf: (item, _other, sum) => sum / (ofItems.offsets[item + 1] - ofItems.offsets[item] + shrinkage),
  });
}
