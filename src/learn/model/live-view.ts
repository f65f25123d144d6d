import type { View } from '../../data/views/view.ts';
import type { Ranking, RecommendQuery } from './model.ts';

/** What a request asks of a live view. */
export type LiveQuery = RecommendQuery & {
  /** Whether the answer may have an item, be it one of the model's or not; any unless given. */
  readonly allows?: ((id: string) => boolean) | undefined;
};

/**
 * A view that stands before the model of a deployment and answers for it, from what has come since the training. It is
 * asked on the event loop: what takes more than a few milliseconds belongs into `read`, a thread, or the model.
 */
export type LiveView = View & {
  /** Prefix of the model before which it stands: it cannot answer for another one. */
  readonly model: string;
  /** @param askModel asks the model itself, on a scoring thread */
  recommend(query: LiveQuery, askModel: (query: RecommendQuery) => Promise<Ranking>): Promise<Ranking>;
};
