import type { InteractionColumn } from './interaction-columns.ts';

/**
 * What users did, each user's interactions from the oldest to the newest. A part of the users, or of each of their
 * histories, shares the arrays with the whole, so that it costs eight bytes a user. Arrays are shared memory.
 */
export type Histories = {
  /** User `u` has the interactions `[starts[u], ends[u])`; the arrays may hold more than all users together. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly items: Uint32Array;
  /** Seconds since the epoch. */
  readonly timestamps: Float64Array;
  /** What else is learnt of an interaction … */
  readonly columns: readonly InteractionColumn[];
  /** … and for each of these columns the interactions' codes. */
  readonly codes: readonly Uint8Array[];
};

/**
 * Histories in arrays of their own, one after another: user `u` has the interactions `[offsets[u], offsets[u + 1])`.
 */
export type WholeHistories = Histories & { readonly offsets: Uint32Array };

/** One user's part of it. */
export type History = Pick<Histories, 'items' | 'timestamps' | 'codes'> & {
  /** Whose it is, by index among the users of the training, where it is known. */
  readonly user?: number | undefined;
};

export const noHistory: History = { items: new Uint32Array(), timestamps: new Float64Array(), codes: [] };

/** Where users' parts begin and end, of whatever kind of history. */
export type UserSlices = Pick<Histories, 'starts' | 'ends'>;

export const userCount = ({ starts }: UserSlices): number => starts.length;

export const lengthOf = ({ starts, ends }: UserSlices, user: number): number => ends[user] - starts[user];

export function interactionCount(histories: Histories): number {
  let total = 0;
  for (let user = 0; user < userCount(histories); user++) total += lengthOf(histories, user);
  return total;
}

export const historyOf = (histories: Histories, user: number): History =>
  sliceHistory(histories, histories.starts[user], histories.ends[user]);

/** The interactions [start, end), as `subarray` takes them. */
export const sliceHistory = ({ items, timestamps, codes }: History, start?: number, end?: number): History => ({
  items: items.subarray(start, end),
  timestamps: timestamps.subarray(start, end),
  codes: codes.map((column) => column.subarray(start, end)),
});

/** What a user did before a moment, in seconds since the epoch. */
export function historyBefore(histories: Histories, user: number, time: number): History {
  const history = historyOf(histories, user);
  const end = history.timestamps.findIndex((at) => at >= time);
  return end < 0 ? history : sliceHistory(history, 0, end);
}

/** For who fills in the offsets and the arrays. */
export function emptyHistories(
  users: number,
  interactions: number,
  columns: readonly InteractionColumn[] = [],
): WholeHistories {
  const offsets = new Uint32Array(new SharedArrayBuffer(4 * (users + 1)));
  return {
    offsets,
    starts: offsets.subarray(0, users),
    ends: offsets.subarray(1),
    items: new Uint32Array(new SharedArrayBuffer(4 * interactions)),
    timestamps: new Float64Array(new SharedArrayBuffer(8 * interactions)),
    columns,
    codes: columns.map(() => new Uint8Array(new SharedArrayBuffer(interactions))),
  };
}

/** The histories of these users, in this order, shortened to their newest `newest` interactions where that is given. */
export function selectUsers(histories: Histories, users: Uint32Array, newest = Number.POSITIVE_INFINITY): Histories {
  return selectSlices(histories, users, (user) => {
    const length = lengthOf(histories, user);
    return [Math.max(length - newest, 0), length];
  });
}

/** Of each of these users, in this order, the interactions [start, end) of their history. */
export function selectSlices(
  histories: Histories,
  users: Uint32Array,
  sliceOf: (user: number) => readonly [start: number, end: number],
): Histories {
  const starts = new Uint32Array(users.length);
  const ends = new Uint32Array(users.length);
  users.forEach((user, row) => {
    const [start, end] = sliceOf(user);
    starts[row] = histories.starts[user] + start;
    ends[row] = histories.starts[user] + end;
  });
  return { ...histories, starts, ends };
}

/** The same histories in arrays of their own. */
export function copyOf(histories: Histories): WholeHistories {
  const copy = emptyHistories(userCount(histories), interactionCount(histories), histories.columns);
  for (let user = 0, at = 0; user < userCount(histories); user++) {
    const { items, timestamps, codes } = historyOf(histories, user);
    copy.items.set(items, at);
    copy.timestamps.set(timestamps, at);
    for (const [column, values] of codes.entries()) copy.codes[column]?.set(values, at);
    at += items.length;
    copy.offsets[user + 1] = at;
  }
  return copy;
}

export const allUsers = (histories: Histories): Uint32Array =>
  Uint32Array.from({ length: userCount(histories) }, (_, user) => user);

/** How many interactions each of `items` items has. */
export function interactionsByItem(histories: Histories, items: number): Uint32Array {
  const counts = new Uint32Array(items);
  for (let user = 0; user < userCount(histories); user++) {
    for (let at = histories.starts[user]; at < histories.ends[user]; at++) {
      const item = histories.items[at];
      counts[item] += 1;
    }
  }
  return counts;
}

/** Items with interactions have the lowest indexes: how many there are, of `items`. */
export const interactedItems = (histories: Histories, items: number): number =>
  1 + interactionsByItem(histories, items).findLastIndex((count) => count > 0);

/** How many different users interacted with each of `items` items. */
export function uniqueUsersByItem(histories: Histories, items: number): Uint32Array {
  const counts = new Uint32Array(items);
  const lastUser = new Int32Array(items).fill(-1);
  for (let user = 0; user < userCount(histories); user++) {
    for (const item of historyOf(histories, user).items) {
      if (lastUser[item] === user) continue;
      lastUser[item] = user;
      counts[item] += 1;
    }
  }
  return counts;
}
