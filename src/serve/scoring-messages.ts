import type { FilePath } from '../data/encryption/file-path.ts';
import type { PropensityQuery } from '../learn/model/action-model.ts';
import type { ExplainQuery, Explanation } from '../learn/model/explanation.ts';
import type { RankQuery, RecommendQuery } from '../learn/model/model.ts';
import type { VocabularyParts } from '../learn/model/vocabulary.ts';
import type { Candidate } from './exploration/candidates.ts';
import type { Exploration, ExploredRanking } from './exploration/explorer.ts';
import type { Posterior } from './exploration/posterior.ts';

/** What a serving process asks of a scoring thread, many in one message. A ticket joins an answer to its command. */
export type Command =
  | readonly ['open', ticket: number, model: number, folder: FilePath]
  | readonly ['recommend', ticket: number, model: number, query: RecommendQuery, exploration?: Exploration]
  /** Asks for the ids of the model's items. */
  | readonly ['items', ticket: number, model: number]
  | readonly ['rank', ticket: number, model: number, query: RankQuery]
  | readonly ['propensities', ticket: number, model: number, query: PropensityQuery]
  | readonly ['explain', ticket: number, model: number, query: ExplainQuery]
  /** Further candidates for exploration; with a posterior they replace all before. */
  | readonly ['candidates', ticket: number, model: number, candidates: readonly Candidate[], posterior?: Posterior]
  | readonly ['close', ticket: number, model: number];

/**
 * A list; ids; chances of actions; an explanation; or the bytes that an opened (or closed) model holds now, or the
 * vectors of its candidates.
 */
export type ScoringResult =
  | ExploredRanking
  | VocabularyParts
  | Float32Array
  | { readonly explanation: Explanation }
  | number;

/** The result, or why there is none. */
export type ScoringAnswer = readonly [ticket: number, result: ScoringResult | Error];

/** One query to a model: a list of `count` items, or `items` put in order. */
export type Query = RecommendQuery | RankQuery;
