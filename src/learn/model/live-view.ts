import type { StreamedId } from '../../data/identity.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { View } from '../../data/views/view.ts';
import type { PropensityQuery } from './action-model.ts';
import type { Ranking, RecommendQuery } from './model.ts';

/** What a request asks of a live view. */
export type LiveQuery = RecommendQuery & {
  /** Whether the answer may have an item, be it one of the model's or not; any unless given. */
  readonly allows?: ((id: string) => boolean) | undefined;
};

type ViewOfModel = View & {
  /** Prefix of the model before which it stands: it cannot answer for another one. */
  readonly model: string;
};

/**
 * A view that stands before the model of a deployment and answers for it, from what has come since the training. It is
 * asked on the event loop: what takes more than a few milliseconds belongs into `read`, a thread, or the model.
 */
export type LiveItemView = ViewOfModel & {
  /** @param askModel asks the model itself, on a scoring thread */
  recommend(query: LiveQuery, askModel: (query: RecommendQuery) => Promise<Ranking>): Promise<Ranking>;
};

/** What a request for actions asks. */
export type ActionsQuery = {
  readonly userId: string;
  /** Most actions that are wanted. */
  readonly count: number;
  /** Whether the answer may have an action; any unless given. */
  readonly allows?: ((actionId: string) => boolean) | undefined;
  /** What the stream of item events knows of the id beyond the model's training. */
  readonly streamed?: StreamedId<LiveHistory> | undefined;
};

/** Best first. The score is the chance to be taken: 0 of an action that is explored. */
export type RecommendedActions = { readonly actions: readonly { readonly id: string; readonly score: number }[] };

/** The same before a model of actions. It holds those that can be recommended, and what users did with them. */
export type LiveActionView = ViewOfModel & {
  /** @param askModel asks the model for propensities, on a scoring thread */
  recommendActions(
    query: ActionsQuery,
    askModel: (query: PropensityQuery) => Promise<Float32Array>,
  ): Promise<RecommendedActions>;
};

export type LiveView = LiveItemView | LiveActionView;
