import { allUsers, type Histories, selectUsers } from '../../histories.ts';
import { transpose } from '../../kernels/csr.ts';
import { userItemMatrix } from '../user-items.ts';
import { regressItems } from './item-regression.ts';
import { itemRows, type Rows } from './item-rows.ts';

/** For each predictor of an item, this many others are kept until the regression. */
const togetherPerPredictor = 5;
/** Newest interactions of a user that count: the work grows with their square. */
export const neighbourItems = 200;

/**
 * What the items of a user say of others, by those that the same users had, each user counting by 1 / √(their items).
 * @param most items that one item is foretold from
 */
export async function neighbours(
  histories: Histories,
  itemCount: number,
  most: number,
  signal: AbortSignal,
): Promise<Rows> {
  const recent = selectUsers(histories, allUsers(histories), neighbourItems);
  const userItems = userItemMatrix(recent, allUsers(recent), itemCount);
  const itemUsers = transpose(userItems);
  const weights = Float32Array.from(
    { length: userItems.rows },
    (_, user) => Math.max(1, (userItems.offsets[user + 1] ?? 0) - (userItems.offsets[user] ?? 0)) ** -0.5,
  );
  const own = new Float32Array(itemCount);
  const together = await itemRows({
    itemCount,
    most: togetherPerPredictor * most,
    signal,
    addPairs(item, add) {
      for (let at = itemUsers.offsets[item] ?? 0; at < (itemUsers.offsets[item + 1] ?? 0); at++) {
        const user = itemUsers.indices[at] ?? 0;
        const weight = weights[user] ?? 0;
        own[item] = (own[item] ?? 0) + weight;
        for (let entry = userItems.offsets[user] ?? 0; entry < (userItems.offsets[user + 1] ?? 0); entry++) {
          const other = userItems.indices[entry] ?? 0;
          if (other !== item) add(other, weight);
        }
      }
    },
    worthOf: (_item, _other, sum) => sum,
  });
  return await regressItems({ together, own }, most, signal);
}
