import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { ExplainQuery, Explanation } from '../learn/model/explanation.ts';
import type { Ranking, RankQuery, RecommendQuery } from '../learn/model/model.ts';
import type { Vocabulary } from '../learn/model/vocabulary.ts';
import type { ServedType } from '../learn/recipes/recipe.ts';
import type { CandidateExploration, ExploredRanking } from './exploration/explorer.ts';

/** A model of the store that answers requests, for the resource that owns the deployment. */
export type Deployment = {
  readonly ownerArn: string;
  readonly recipeType: ServedType;
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
  /** The chances of a model's actions, by index. */
  propensities(deployment: Deployment, query: PropensityQuery): Promise<Float32Array>;
  /** Why an answer has the items that it has. It takes the model many queries, between which others are answered. */
  explain(deployment: Deployment, query: ExplainQuery): Promise<Explanation>;
  /**
   * The ids of the items of a deployment's model, by the indexes that an item mask has. As long as the model is held,
   * they are the same object.
   */
  items(deployment: Deployment): Promise<Vocabulary>;
  /**
   * Lets the models of an owner go: all of one that is gone, all but `keep` (a model prefix) of one that has moved
   * on.
   */
  release(ownerArn: string, keep?: string): void;
  /** Lets the models go that a key seals. */
  releaseSealed(keyId: string): void;
  /** Bytes that each loaded deployment holds, for `/metrics`. */
  loaded(): readonly { readonly ownerArn: string; readonly bytes: number }[];
  close(): Promise<void>;
}
