import type { Ranking, RankQuery, RecommendQuery } from '../learn/model/model.ts';
import type { RecipeType } from '../learn/recipes/recipe.ts';
import type { CandidateExploration, ExploredRanking } from './exploration/explorer.ts';

/** What a campaign serves: a model of the store, under the name by which it is measured. */
export type Deployment = {
  readonly campaignArn: string;
  readonly recipeType: RecipeType;
  /** Prefix of the model folder in the server's object store, ending in `/`. */
  readonly model: string;
};

/** Loads models on first use, scores on worker threads, lets idle models go. */
export interface Serving {
  /** Loads the model of a deployment, so that a broken one fails here and the first request is quick. */
  prepare(deployment: Deployment): Promise<void>;
  /** @param exploring puts candidates among what the model recommends; without, the list is the model's own. */
  recommend(deployment: Deployment, query: RecommendQuery, exploring?: CandidateExploration): Promise<ExploredRanking>;
  rank(deployment: Deployment, query: RankQuery): Promise<Ranking>;
  /**
   * Lets the models of a campaign go: all of one that is gone, all but `keep` (a model prefix) of one that has moved
   * on.
   */
  release(campaignArn: string, keep?: string): void;
  /** Bytes that each loaded deployment holds, for `/metrics`. */
  loaded(): readonly { readonly campaignArn: string; readonly bytes: number }[];
  close(): Promise<void>;
}
