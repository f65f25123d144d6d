import { type ActionHistories, actionEventCodes } from '../../histories/action-data.ts';

/** An action has a score once it has so many of both kinds of events in that time (spec recipes.md §2.10). */
const fewestTaken = 50;
const fewestOthers = 50;
const recentSeconds = 6 * 7 * 86_400;

/** Of each action: 1 if its events before the newest of all suffice for a score. */
export function scoredActions(
  { starts, ends, actions, timestamps, types }: ActionHistories,
  count: number,
): Uint8Array {
  let newest = Number.NEGATIVE_INFINITY;
  forEachEvent((event) => {
    newest = Math.max(newest, timestamps[event]);
  });
  const taken = new Uint32Array(count);
  const others = new Uint32Array(count);
  forEachEvent((event) => {
    if (timestamps[event] < newest - recentSeconds) return;
    const counts = types[event] === actionEventCodes.TAKEN ? taken : others;
    const action = actions[event];
    counts[action] = counts[action] + 1;
  });
  return Uint8Array.from(taken, (n, action) => (n >= fewestTaken && others[action] >= fewestOthers ? 1 : 0));

  function forEachEvent(work: (event: number) => void): void {
    for (let user = 0; user < starts.length; user++) {
      for (let event = starts[user]; event < ends[user]; event++) work(event);
    }
  }
}
