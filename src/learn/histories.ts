/** What users did, each user's interactions from the oldest to the newest. Arrays are shared memory. */
export type Histories = {
  /** User `u` has the interactions `[offsets[u], offsets[u + 1])`. */
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  /** Seconds since the epoch. */
  readonly timestamps: Float64Array;
};

/** One user's part of it. */
export type History = { readonly items: Uint32Array; readonly timestamps: Float64Array };

export const userCount = (histories: Histories): number => histories.offsets.length - 1;

export const lengthOf = ({ offsets }: Histories, user: number): number =>
  (offsets[user + 1] ?? 0) - (offsets[user] ?? 0);

export function historyOf({ offsets, items, timestamps }: Histories, user: number): History {
  const [start, end] = [offsets[user], offsets[user + 1]];
  return { items: items.subarray(start, end), timestamps: timestamps.subarray(start, end) };
}

export function emptyHistories(users: number, interactions: number): Histories {
  return {
    offsets: new Uint32Array(new SharedArrayBuffer(4 * (users + 1))),
    items: new Uint32Array(new SharedArrayBuffer(4 * interactions)),
    timestamps: new Float64Array(new SharedArrayBuffer(8 * interactions)),
  };
}

/** The histories of these users, in this order, shortened to their newest `newest` interactions where that is given. */
export function selectUsers(histories: Histories, users: Uint32Array, newest = Number.POSITIVE_INFINITY): Histories {
  let total = 0;
  for (const user of users) total += Math.min(lengthOf(histories, user), newest);
  const selected = emptyHistories(users.length, total);
  let end = 0;
  users.forEach((user, row) => {
    const history = historyOf(histories, user);
    const start = Math.max(history.items.length - newest, 0);
    selected.items.set(history.items.subarray(start), end);
    selected.timestamps.set(history.timestamps.subarray(start), end);
    end += history.items.length - start;
    selected.offsets[row + 1] = end;
  });
  return selected;
}

export const allUsers = (histories: Histories): Uint32Array =>
  Uint32Array.from({ length: userCount(histories) }, (_, user) => user);

/** How many different users interacted with each of `items` items. */
export function uniqueUsersByItem(histories: Histories, items: number): Uint32Array {
  const counts = new Uint32Array(items);
  const lastUser = new Int32Array(items).fill(-1);
  for (let user = 0; user < userCount(histories); user++) {
    for (const item of historyOf(histories, user).items) {
      if (lastUser[item] === user) continue;
      lastUser[item] = user;
      counts[item] = (counts[item] ?? 0) + 1;
    }
  }
  return counts;
}
