import { allUsers, type Histories, selectUsers } from '../../histories.ts';
import { transpose } from '../../kernels/csr.ts';
import { userItemMatrix } from '../user-items.ts';
import { itemRows, type Rows } from './item-rows.ts';

/** Added to the denominator: pairs that few users had count less. */
const shrinkage = 10;
/** Newest interactions of a user that count: the work grows with their square. */
export const neighbourItems = 200;

/**
 * Row by row, the items that the same users had: Σ over those users of 1 / √(their items), over √(n(i) · n(j)) + 10. A cosine
 * in which users with many items count less (after Karypis 2001, and the random walk of Cooper et al. 2014).
 */
export function neighbours(histories: Histories, itemCount: number, most: number, signal: AbortSignal): Promise<Rows> {
  const recent = selectUsers(histories, allUsers(histories), neighbourItems);
  const userItems = userItemMatrix(recent, allUsers(recent), itemCount);
  const itemUsers = transpose(userItems);
  const users = (item: number) => (itemUsers.offsets[item + 1] ?? 0) - (itemUsers.offsets[item] ?? 0);
  return itemRows({
    itemCount,
    most,
    signal,
    addPairs(item, add) {
      for (let at = itemUsers.offsets[item] ?? 0; at < (itemUsers.offsets[item + 1] ?? 0); at++) {
        const user = itemUsers.indices[at] ?? 0;
        const [begin, end] = [userItems.offsets[user] ?? 0, userItems.offsets[user + 1] ?? 0];
        const weight = 1 / Math.sqrt(end - begin);
        for (let entry = begin; entry < end; entry++) {
          const other = userItems.indices[entry] ?? 0;
          if (other !== item) add(other, weight);
        }
      }
    },
    worthOf: (item, other, sum) => sum / (Math.sqrt(users(item) * users(other)) + shrinkage),
  });
}
