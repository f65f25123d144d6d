import type { FilePath } from '../data/encryption/file-path.ts';
import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { ExplainQuery, Explanation } from '../learn/model/explanation.ts';
import type { RankQuery, RecommendQuery } from '../learn/model/model.ts';
import type { VocabularyParts } from '../learn/model/vocabulary.ts';
import type { Candidate } from './exploration/candidates.ts';
import type { Exploration, ExploredRanking } from './exploration/explorer.ts';
import type { Posterior } from './exploration/posterior.ts';
import type { IdsBySum } from './shared-ids.ts';

/** What a serving process asks of a scoring thread, many in one message. A ticket joins an answer to its command. */
export type Command =
  /** With the ids of the model that other models have. */
  | readonly ['open', ticket: number, model: number, folder: FilePath, known: IdsBySum]
  | readonly ['recommend', ticket: number, model: number, query: RecommendQuery, exploration?: Exploration]
  | readonly ['rank', ticket: number, model: number, query: RankQuery]
  | readonly ['propensities', ticket: number, model: number, query: PropensityQuery]
  | readonly ['explain', ticket: number, model: number, query: ExplainQuery]
  /** Further candidates for exploration; with a posterior they replace all before. */
  | readonly ['candidates', ticket: number, model: number, candidates: readonly Candidate[], posterior?: Posterior]
  | readonly ['close', ticket: number, model: number];

/** A model that a thread has opened. */
export type OpenedModel = {
  /** What it holds beside the ids in `ids`. */
  readonly bytes: number;
  /** The ids of its items, in the memory in which the thread has them, and their checksum where they have one. */
  readonly itemIds: VocabularyParts;
  readonly itemSum?: string | undefined;
  /** Ids that other models may use too. */
  readonly ids: IdsBySum;
};

/**
 * A list; an opened model; chances of actions; an explanation; or the bytes that a closed model holds now, or the
 * vectors of its candidates.
 */
export type ScoringResult =
  | ExploredRanking
  | OpenedModel
  | Float32Array
  | { readonly explanation: Explanation }
  | number;

/** The result, or why there is none. */
export type ScoringAnswer = readonly [ticket: number, result: ScoringResult | Error];

/** One query to a model: a list of `count` items, or `items` put in order. */
export type Query = RecommendQuery | RankQuery;
