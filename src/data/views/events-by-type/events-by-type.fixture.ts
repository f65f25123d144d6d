import type { EventsByType, EventTypes } from './events-by-type.ts';

/** An event in the order of arrival; what it lacks is empty. Imported ones have no session. */
export type HappenedEvent = {
  readonly user: string;
  readonly session: string;
  readonly item: string;
  readonly type: string;
  /** Seconds since the epoch, no later than it was received. */
  readonly time: number;
};

/** Ids of users and of sessions, some of both. */
export const users = ['1', '2', '3'];
export const sessions = ['2', '3', 's', 't'];
export const items = ['a', 'b', 'c', 'd'];
export const types = ['watch', 'Watch', 'buy', 'ÉLIRE'];

/** What each id is answered with: the items by event type. */
const answers = (of: (id: string) => ReadonlyMap<string, readonly string[]>) =>
  [...new Set([...users, ...sessions, 'unknown'])].map((id) => [
    id,
    [...of(id)].map(([type, ids]) => [type, ids.toSorted().join('')]).toSorted(),
  ]);

/** What the view answers for each id. */
export const found = (events: EventsByType) =>
  answers(
    (id) => new Map([...events.find(id)].map(([type, held]) => [type, Array.from(held, (n) => events.itemId(n))])),
  );

/** The same by a plain reference. */
export function expected(events: readonly HappenedEvent[], limit: number, held: EventTypes = 'any') {
  const firstUsers = new Map<string, { user: string; order: number }>();
  for (const [order, { user, session }] of events.entries()) {
    if (session !== '' && user !== '' && !firstUsers.has(session)) firstUsers.set(session, { user, order });
  }
  const owned = events.map((event, order) => {
    const joined = firstUsers.get(event.session);
    const owner = event.user || joined?.user;
    return {
      ...event,
      type: event.type.toLowerCase(),
      owner: owner === undefined ? `session ${event.session}` : `user ${owner}`,
      since: event.user === '' ? Math.max(order, joined?.order ?? 0) : order,
    };
  });
  const named = new Set(events.map(({ user }) => user));
  return answers((id) => {
    const user = named.has(id) ? id : firstUsers.get(id)?.user;
    const owner = user === undefined ? `session ${id}` : `user ${user}`;
    const byType = new Map<string, string[]>();
    for (const type of new Set(owned.map((event) => event.type))) {
      if (type === '' || (held !== 'any' && !held.has(type))) continue;
      const all = owned.filter((event) => event.owner === owner && event.type === type && event.item !== '');
      // What arrives again takes the place of what was there.
      const inOrder = all.toSorted((one, other) => one.time - other.time || one.since - other.since);
      const newest = inOrder
        .toReversed()
        .filter((event, n, those) => those.findIndex((e) => e.item === event.item && e.time === event.time) === n)
        .slice(0, limit);
      if (newest.length > 0)
        byType.set(
          type,
          newest.map(({ item }) => item),
        );
    }
    return byType;
  });
}
