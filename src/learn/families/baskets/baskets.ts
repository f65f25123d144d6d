import { eventTypeTest } from '../../histories/event-types.ts';
import { type Histories, interactionCount, userCount } from '../../histories/histories.ts';
import type { Csr } from '../../kernels/csr.ts';

/** What was bought together: a row for each basket, of the items in it, each once, in order of index. */
export type Baskets = Csr & {
  /** Whose each is. */
  readonly users: Uint32Array;
};

const secondsPerDay = 86_400;
/** A pause after which another session begins: the usual half hour of web analytics. */
const longestPause = 1800;
/** Of a longer list the first: it is a stock, and says little of what goes together. */
const mostItems = 200;

/**
 * The purchases of a user on one day (UTC) are a basket, and so are those of one session, over midnight too. A session
 * ends with a pause of half an hour between two events, of whatever type.
 */
export function basketsOf(histories: Histories, itemCount: number): Baskets {
  const isPurchase = eventTypeTest(histories, 'Purchase');
  const { starts, ends, items, timestamps } = histories;
  const most = interactionCount(histories);
  const users = new Uint32Array(most);
  const offsets = new Uint32Array(most + 1);
  const indices = new Uint32Array(most);
  const latestBasket = new Uint32Array(itemCount);
  let [rows, end] = [0, 0];
  for (let user = 0; user < userCount(histories); user++) {
    let [day, isSameSession] = [Number.NaN, false];
    for (let at = starts[user]; at < ends[user]; at++) {
      if (at > starts[user] && timestamps[at] - timestamps[at - 1] > longestPause) isSameSession = false;
      if (!isPurchase(at)) continue;
      const today = Math.floor(timestamps[at] / secondsPerDay);
      if (today !== day && !isSameSession) {
        users[rows] = user;
        offsets[rows] = end;
        rows++;
      }
      [day, isSameSession] = [today, true];
      if (latestBasket[items[at]] === rows) continue;
      latestBasket[items[at]] = rows;
      if (end - offsets[rows - 1] < mostItems) indices[end++] = items[at];
    }
  }
  offsets[rows] = end;
  for (let row = 0; row < rows; row++) indices.subarray(offsets[row], offsets[row + 1]).sort();
  return {
    rows,
    columns: itemCount,
    offsets: offsets.slice(0, rows + 1),
    indices: indices.slice(0, end),
    users: users.slice(0, rows),
  };
}

/** Baskets in which more than one item is. */
export const sharedBaskets = ({ rows, offsets }: Baskets): Uint32Array =>
  Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => offsets[row + 1] - offsets[row] > 1);

export const itemsOf = ({ offsets, indices }: Baskets, row: number): Uint32Array =>
  indices.subarray(offsets[row], offsets[row + 1]);
