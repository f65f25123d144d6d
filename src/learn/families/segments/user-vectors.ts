import type { Features } from '../../features/column.ts';
import { allUsers, type Histories, historyOf, lengthOf, userCount } from '../../histories/histories.ts';
import { userItemMatrix } from '../../histories/user-items.ts';
import { trainAls } from '../../kernels/als.ts';
import type { AlsObjective } from '../../kernels/als-problem.ts';
import type { Csr } from '../../kernels/csr.ts';

/** Only so many of a user's newest items are taken for what the user is after now … */
const newest = 32;
/** … and each counts half as much for each eight newer ones, as when items are recommended (`userFactors`). */
const halfLife = 8;

/** Users as vectors: what each has in common with an item is a product with that item's. */
export type UserVectors = {
  /** Users × factors: by the whole history, and by its newest items. */
  readonly whole: Float32Array;
  readonly recent: Float32Array;
  /** Users × features of items: those of the history, over the root of its length; absent without features. */
  readonly profiles?: Float32Array | undefined;
};

type Factors = AlsObjective & {
  readonly itemFactors: Float32Array;
  readonly factors: number;
  readonly itemCount: number;
  readonly threads: number;
  readonly signal: AbortSignal;
};

/** The users' steps of ALS, against the factors of items. */
export async function userVectors(
  histories: Histories,
  { itemCount, ...options }: Factors,
  features: Features | undefined,
): Promise<UserVectors> {
  const settle = async (userItems: Csr) =>
    (await trainAls({ ...options, userItems, iterations: 0, seed: 0 })).userFactors;
  return {
    whole: await settle(userItemMatrix(histories, allUsers(histories), itemCount)),
    recent: await settle(recentItems(histories, itemCount)),
    profiles: features && profilesOf(histories, features),
  };
}

/** Which of their newest items users had, each weighted by how many have come since. */
function recentItems(histories: Histories, itemCount: number): Csr {
  const rows = userCount(histories);
  const offsets = new Uint32Array(rows + 1);
  const indices: Uint32Array = new Uint32Array(rows * newest);
  const values = new Float32Array(rows * newest);
  let end = 0;
  for (let user = 0; user < rows; user++) {
    const { items } = historyOf(histories, user);
    const recent = [...new Set(items.subarray(-newest).toReversed())].map((item, age) => ({ item, age }));
    for (const { item, age } of recent.sort((one, other) => one.item - other.item)) {
      indices[end] = item;
      values[end] = 2 ** (-age / halfLife);
      end++;
    }
    offsets[user + 1] = end;
  }
  return { rows, columns: itemCount, offsets, indices: indices.subarray(0, end), values: values.subarray(0, end) };
}

function profilesOf(histories: Histories, { width, values }: Features): Float32Array {
  const users = userCount(histories);
  const profiles = new Float32Array(users * width);
  for (let user = 0; user < users; user++) {
    const profile = profiles.subarray(user * width, (user + 1) * width);
    const scale = 1 / Math.sqrt(Math.max(lengthOf(histories, user), 1));
    for (const item of historyOf(histories, user).items) {
      for (let n = 0; n < width; n++) profile[n] += scale * values[item * width + n];
    }
  }
  return profiles;
}
