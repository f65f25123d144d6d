import type { Histories } from '../../learn/histories/histories.ts';
import type { Events } from '../readers/events.ts';

/** A query to a model: it has the user's interactions [since, from) and should find the items of [from, to). */
export type QueryRange = {
  readonly user: number;
  /** 0 unless given. */
  readonly since?: number;
  readonly from: number;
  readonly to: number;
};

/**
 * Whether there is a query for each user, about all that is held out, or for each held-out event, about it alone; for
 * each user, in rankings of the items that do not train; for each pair of items, one of which does not train, about the
 * other; for each item or attribute, about the users who come to it; or for each item, about those with similar texts.
 */
export const queryKinds = ['user', 'event', 'cold', 'besideCold', 'coldBeside', 'item', 'attribute', 'text'] as const;
export type QueryKind = (typeof queryKinds)[number];

/** What a protocol makes of the events. */
export type EventSplit = {
  /** The events in another order, where the protocol changes it. */
  readonly histories?: Histories;
  /** How many of each user's first interactions train. */
  readonly training: Uint32Array;
  readonly queries: Readonly<Partial<Record<QueryKind, readonly QueryRange[]>>>;
};

/** How models are asked: what trains, what is held out, and what a ranking may hold. */
export type Protocol = {
  readonly name: string;
  /** What is asked for: items for a user unless it says otherwise. */
  readonly asksFor?: 'related items' | 'bought together' | 'similar texts' | 'users';
  /** Whether the held-out events come in a file of their own. */
  readonly needsTest: boolean;
  /** Whether it asks for items that nobody had: then only metadata can tell of them. */
  readonly needsItems?: boolean;
  /** Whether rankings may hold items of the input. */
  readonly keepsSeen: boolean;
  /** Held-out items without a training interaction are left out; otherwise they count, and cannot be found. */
  readonly onlyTrainedItems: boolean;
  /** Whether the seed decides who is held out. */
  readonly seeded: boolean;
  split(events: Events, seed: number): EventSplit;
};
