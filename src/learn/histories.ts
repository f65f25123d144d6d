import type { InteractionColumn } from './interaction-columns.ts';

/** What users did, each user's interactions from the oldest to the newest. Arrays are shared memory. */
export type Histories = {
  /** User `u` has the interactions `[offsets[u], offsets[u + 1])`. */
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
  /** Seconds since the epoch. */
  readonly timestamps: Float64Array;
  /** What else is learnt of an interaction … */
  readonly columns: readonly InteractionColumn[];
  /** … and for each of these columns the interactions' codes. */
  readonly codes: readonly Uint8Array[];
};

/** One user's part of it. */
export type History = Pick<Histories, 'items' | 'timestamps' | 'codes'>;

export const noHistory: History = { items: new Uint32Array(), timestamps: new Float64Array(), codes: [] };

export const userCount = (histories: Histories): number => histories.offsets.length - 1;

export const lengthOf = ({ offsets }: Histories, user: number): number =>
  (offsets[user + 1] ?? 0) - (offsets[user] ?? 0);

export const historyOf = (histories: Histories, user: number): History =>
  sliceHistory(histories, histories.offsets[user], histories.offsets[user + 1]);

/** The interactions [start, end), as `subarray` takes them. */
export const sliceHistory = ({ items, timestamps, codes }: History, start?: number, end?: number): History => ({
  items: items.subarray(start, end),
  timestamps: timestamps.subarray(start, end),
  codes: codes.map((column) => column.subarray(start, end)),
});

export function emptyHistories(
  users: number,
  interactions: number,
  columns: readonly InteractionColumn[] = [],
): Histories {
  return {
    offsets: new Uint32Array(new SharedArrayBuffer(4 * (users + 1))),
    items: new Uint32Array(new SharedArrayBuffer(4 * interactions)),
    timestamps: new Float64Array(new SharedArrayBuffer(8 * interactions)),
    columns,
    codes: columns.map(() => new Uint8Array(new SharedArrayBuffer(interactions))),
  };
}

/** The histories of these users, in this order, shortened to their newest `newest` interactions where that is given. */
export function selectUsers(histories: Histories, users: Uint32Array, newest = Number.POSITIVE_INFINITY): Histories {
  return selectParts(histories, users, (user) => {
    const length = lengthOf(histories, user);
    return [Math.max(length - newest, 0), length];
  });
}

/** Of each of these users, in this order, the interactions [start, end) of their history. */
export function selectParts(
  histories: Histories,
  users: Uint32Array,
  partOf: (user: number) => readonly [start: number, end: number],
): Histories {
  let total = 0;
  for (const user of users) {
    const [start, end] = partOf(user);
    total += end - start;
  }
  const selected = emptyHistories(users.length, total, histories.columns);
  let at = 0;
  users.forEach((user, row) => {
    const part = sliceHistory(historyOf(histories, user), ...partOf(user));
    selected.items.set(part.items, at);
    selected.timestamps.set(part.timestamps, at);
    for (const [column, codes] of part.codes.entries()) selected.codes[column]?.set(codes, at);
    at += part.items.length;
    selected.offsets[row + 1] = at;
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
