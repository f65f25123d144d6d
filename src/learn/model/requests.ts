import type { StreamedId } from '../../data/identity.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { TextProfile } from './text-profile.ts';

/** How much of a user's history an answer is made from. */
export type HistoryUse = {
  /** Whose history: the user who was asked for, or the session that the id stands for. */
  readonly userId: string | undefined;
  /** Interactions that the model keeps of the user from its training. */
  readonly kept: number;
  /** Events since then on items that the model knows. */
  readonly recent: number;
  /** When the newest of the events since then happened, in seconds since the epoch; absent if there are none. */
  readonly newestEventAt?: number | undefined;
};

/**
 * Where and how someone asks, by column of the interactions: what the model does not know of is left aside (spec
 * runtime.md §3).
 */
export type RequestContext = Readonly<Record<string, string>>;

/** An item with what is said of it, as text by column; without where only the model's own knowledge is wanted. */
export type DescribedItem = { readonly id: string; readonly metadata?: ReadonlyMap<string, string> | undefined };

/** Items by their vectors (`Model.vectorsOf`): these rows of them, which may name one more than once. */
export type ExtraItems = { readonly vectors: Float32Array; readonly rows: Uint32Array };

/** How much popularity and freshness weigh in an answer's order, each 0 to 1, 0 unless given (spec recipes.md §2.9). */
export type RankingInfluence = { readonly POPULARITY?: number; readonly FRESHNESS?: number };

/** Who asks, and how. */
export type UserRequest = {
  readonly userId?: string | undefined;
  readonly context?: RequestContext | undefined;
  /** What the stream of events knows of the id beyond the model's training. */
  readonly streamed?: StreamedId<LiveHistory> | undefined;
};

/**
 * Asks a model of related items for the most similar ones with what decides about their order, for a view that puts
 * items of its own among them (`LiveView`).
 */
export type CandidateQuery = {
  /** What to be similar to, in place of what the model knows of the item. */
  readonly profile?: TextProfile;
};

/** Parallel to the items of an answer, which are in the order of the cosines. */
export type Candidates = {
  /** What the items are similar to. */
  readonly profile: TextProfile;
  readonly cosines: Float32Array;
  /** What influences add to each cosine. */
  readonly boosts: Float32Array;
};
