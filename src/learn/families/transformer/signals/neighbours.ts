import { allUsers, type Histories, selectUsers } from '../../../histories/histories.ts';
import { userItemMatrix } from '../../../histories/user-items.ts';
import { transpose } from '../../../kernels/csr.ts';
import { itemRows, type SparseItemRows } from '../../item-pairs/item-rows.ts';
import { regressItems } from './item-regression.ts';
import { walkItems } from './item-walk.ts';

/** For each predictor of an item, this many others are kept until the regression. */
const togetherPerPredictor = 5;
/** Newest interactions of a user that count: the work grows with their square. */
export const neighbourItems = 200;
/** What the walk counts beside the regression: on Gowalla three times as much did as well, on MovieLens worse. */
const walkWeight = 0.3;

/**
 * What the items of a user say of others, by those that the same users had, each user counting by 1 / √(their items):
 * the weights of a regression, which say most about what they reach, plus some of the shares of a random walk, which
 * reaches more.
 * @param most items that one item is predicted from, and that a walk from one reaches
 */
export async function neighbours(
  histories: Histories,
  itemCount: number,
  most: number,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const recent = selectUsers(histories, allUsers(histories), neighbourItems);
  const userItems = userItemMatrix(recent, allUsers(recent), itemCount);
  const itemUsers = transpose(userItems);
  const weights = Float32Array.from(
    { length: userItems.rows },
    (_, user) => Math.max(1, userItems.offsets[user + 1] - userItems.offsets[user]) ** -0.5,
  );
  const own = new Float32Array(itemCount);
  const together = await itemRows({
    itemCount,
    most: togetherPerPredictor * most,
    signal,
    addPairs(item, add) {
      for (let at = itemUsers.offsets[item]; at < itemUsers.offsets[item + 1]; at++) {
        const user = itemUsers.indices[at];
        const weight = weights[user];
        own[item] += weight;
        for (let entry = userItems.offsets[user]; entry < userItems.offsets[user + 1]; entry++) {
          const other = userItems.indices[entry];
          if (other !== item) add(other, weight);
        }
      }
    },
    worthOf: (_item, _other, sum) => sum,
  });
  const gram = { together, own };
  const parts = [
    { rows: await regressItems(gram, most, signal), weight: 1 },
    { rows: await walkItems(gram, most, signal), weight: walkWeight },
  ];
  return await itemRows({
    itemCount,
    most: 2 * most,
    signal,
    addPairs(item, add) {
      for (const { rows, weight } of parts) {
        for (let at = rows.offsets[item]; at < rows.offsets[item + 1]; at++) {
          add(rows.indices[at], weight * rows.values[at]);
        }
      }
    },
    worthOf: (_item, _other, sum) => sum,
  });
}
