import { itemRows, type SparseItemRows } from '../../item-pairs/item-rows.ts';
import type { Gram } from './item-regression.ts';

/** By how much a walk prefers items that few had. */
const exponent = 0.3;

/**
 * Row by row, where a walk from the row's item to one of its users to another item of theirs leads, for the `most`
 * likeliest items as shares: RP3beta (Paudel et al. 2017).
 */
export function walkItems({ together, own }: Gram, most: number, signal: AbortSignal): Promise<SparseItemRows> {
  const { offsets, indices, values } = together;
  return itemRows({
    itemCount: own.length,
    most,
    signal,
    addPairs(item, add) {
      for (let at = offsets[item]; at < offsets[item + 1]; at++) {
        const other = indices[at];
        add(other, values[at] * own[other] ** -exponent);
      }
    },
    worthOf: (_item, _other, chance) => chance,
    shares: true,
  });
}
