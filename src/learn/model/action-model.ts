import type { StreamedId } from '../../data/identity.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { ActionEvents } from '../histories/action-data.ts';
import type { History } from '../histories/histories.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Someone whom a model is asked about. */
export type ActionUser = {
  /** What the user's interactions with items come to (`ActionModel.itemSums`). */
  readonly itemSums: Float32Array;
  /** What the Users dataset says, as the model's features; absent where it says nothing. */
  readonly features?: Float32Array | undefined;
  readonly events: ActionEvents;
  /** When the question is asked, in seconds since the epoch. */
  readonly now: number;
};

/** A request's question for the chances of all actions. */
export type PropensityQuery = {
  readonly userId: string;
  /** What the stream of item events knows of the id beyond the model's training. */
  readonly streamed?: StreamedId<LiveHistory> | undefined;
  readonly events: ActionEvents;
  /** In seconds since the epoch. */
  readonly now: number;
};

/** A model that knows how likely a user is to take each action (PERSONALIZED_ACTIONS). */
export type ActionModel = {
  /** Memory it holds, in bytes. */
  readonly bytes: number;
  /** The items of the training. */
  readonly items: Vocabulary;
  readonly actions: Vocabulary;
  /** Of each action: 1 if its interactions suffice for a propensity, else 0. */
  readonly isScored: Uint8Array;
  /** What interactions with items say of a user, which is the sum of what each says. */
  itemSums(history: Pick<History, 'items'>): Float32Array;
  /** Resolves the user of a request. */
  userOf(query: PropensityQuery): ActionUser;
  /** The chance of each action to be taken within the optimisation period; 0 where it is not scored. */
  propensities(user: ActionUser): Float32Array;
};
