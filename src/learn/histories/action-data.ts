import type { LearnedFeatures } from '../features/learn-features.ts';
import type { Vocabulary } from '../model/vocabulary.ts';

/** What someone did with actions, from the oldest to the newest; the arrays run side by side. */
export type ActionEvents = {
  /** By index of the model. */
  readonly actions: Uint32Array;
  /** Seconds since the epoch. */
  readonly timestamps: Float64Array;
  /** Codes of `actionEventCodes`. */
  readonly types: Uint8Array;
};

/** Codes of the event types that train. */
export const actionEventCodes = { VIEWED: 0, NOT_TAKEN: 1, TAKEN: 2 } as const;

export const noActionEvents: ActionEvents = {
  actions: new Uint32Array(),
  timestamps: new Float64Array(),
  types: new Uint8Array(),
};

/** What users did with actions, each user's events from the oldest to the newest, as `Histories` have it of items. */
export type ActionHistories = ActionEvents & {
  /** User `u` has the events `[starts[u], ends[u])`. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
};

/** What a model of actions learns from, beside users and items. */
export type ActionData = {
  /** The actions that are considered, those of `events` by index. */
  readonly actions: Vocabulary;
  /** What the Actions dataset says of these, in their order; absent where there is nothing to learn from. */
  readonly features?: LearnedFeatures | undefined;
  readonly histories: ActionHistories;
};

/** The events [start, end), as `subarray` takes them. */
export const sliceEvents = (
  { actions, timestamps, types }: ActionEvents,
  start: number,
  end: number,
): ActionEvents => ({
  actions: actions.subarray(start, end),
  timestamps: timestamps.subarray(start, end),
  types: types.subarray(start, end),
});

/** The data of these users, in this order. */
export const selectActionUsers = ({ histories, ...data }: ActionData, users: Uint32Array): ActionData => ({
  ...data,
  histories: {
    ...histories,
    starts: users.map((user) => histories.starts[user]),
    ends: users.map((user) => histories.ends[user]),
  },
});
