import { type ActionHistories, actionEventCodes } from './action-data.ts';

/**
 * Moments at which a user was shown an action, and whether it was taken within the optimisation period; a user's stand
 * together, from the oldest to the newest. The arrays run side by side.
 */
export type Exposures = {
  readonly users: Uint32Array;
  readonly actions: Uint32Array;
  /** The event that shows it: all before it are what was known then. */
  readonly events: Uint32Array;
  readonly timestamps: Float64Array;
  readonly isTaken: Uint8Array;
  /** Seconds until it was taken; NaN where it was not. */
  readonly delays: Float64Array;
};

/**
 * Whether an event is an exposure: a VIEWED event, and a TAKEN or NOT_TAKEN event that answers none, as then nothing
 * else tells that the action was shown. An exposure is answered within the period, and once.
 *
 * @param hasOpenExposure whether the same user was shown the action and has not answered yet
 */
export const isExposure = (type: number, hasOpenExposure: boolean): boolean =>
  type === actionEventCodes.VIEWED || !hasOpenExposure;

/** Of these users, in their order. */
export function exposuresOf(histories: ActionHistories, actionCount: number, periodSeconds: number): Exposures {
  const most = histories.starts.reduce((sum, start, user) => sum + histories.ends[user] - start, 0);
  const found = {
    users: new Uint32Array(most),
    actions: new Uint32Array(most),
    events: new Uint32Array(most),
    timestamps: new Float64Array(most),
    isTaken: new Uint8Array(most),
    delays: new Float64Array(most).fill(Number.NaN),
  };
  let count = 0;
  /** Of each action: its newest exposure among those of the user, and whether it waits for an answer. */
  const newest = new Int32Array(actionCount).fill(-1);
  const isOpen = new Uint8Array(actionCount);
  for (let user = 0; user < histories.starts.length; user++) {
    const first = count;
    for (let event = histories.starts[user]; event < histories.ends[user]; event++) {
      const action = histories.actions[event];
      const time = histories.timestamps[event];
      const type = histories.types[event];
      const shown = newest[action];
      const hasOpen = shown >= 0 && isOpen[action] === 1 && time - found.timestamps[shown] <= periodSeconds;
      if (isExposure(type, hasOpen)) {
        found.users[count] = user;
        found.actions[count] = action;
        found.events[count] = event;
        found.timestamps[count] = time;
        newest[action] = count++;
      }
      isOpen[action] = type === actionEventCodes.VIEWED ? 1 : 0;
      if (type === actionEventCodes.TAKEN) resolve(found, first, count, action, time - periodSeconds, time);
    }
    for (let n = first; n < count; n++) {
      const action = found.actions[n];
      newest[action] = -1;
      isOpen[action] = 0;
    }
  }
  return {
    users: found.users.subarray(0, count),
    actions: found.actions.subarray(0, count),
    events: found.events.subarray(0, count),
    timestamps: found.timestamps.subarray(0, count),
    isTaken: found.isTaken.subarray(0, count),
    delays: found.delays.subarray(0, count),
  };
}

/** Marks the exposures of an action from a moment on that nobody has answered by taking it. */
function resolve(
  { actions, timestamps, isTaken, delays }: Exposures,
  first: number,
  end: number,
  action: number,
  since: number,
  time: number,
): void {
  for (let n = end - 1; n >= first && timestamps[n] >= since; n--) {
    if (actions[n] !== action || isTaken[n] === 1) continue;
    isTaken[n] = 1;
    delays[n] = time - timestamps[n];
  }
}

/**
 * Of each exposure: how likely an action that is taken within the period has been taken by now. Below 1 for recent
 * ones, which may still be answered (delayed feedback: Chapelle 2014, with delays as they were observed).
 */
export function answeredShares({ timestamps, delays }: Exposures, periodSeconds: number): Float32Array {
  const now = timestamps.reduce((newest, time) => Math.max(newest, time), Number.NEGATIVE_INFINITY);
  const isWhole = (n: number) => now - timestamps[n] >= periodSeconds;
  const taken = (wanted: (n: number) => boolean) =>
    delays.filter((delay, n) => !Number.isNaN(delay) && wanted(n)).sort();
  const whole = taken(isWhole);
  const known = whole.length >= fewestDelays ? whole : taken(() => true);
  return Float32Array.from(timestamps, (time, n) => {
    if (isWhole(n) || known.length === 0) return 1;
    return Math.max(countUpTo(known, now - time) / known.length, leastShare);
  });
}

const fewestDelays = 100;
const leastShare = 0.01;

/** How many of ascending values are at most `limit`. */
function countUpTo(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
