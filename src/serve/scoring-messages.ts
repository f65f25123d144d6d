import type { Ranked, RankQuery, RecommendQuery } from '../learn/model.ts';

/** What a serving process asks of a scoring thread, many in one message. A ticket joins an answer to its command. */
export type Command =
  | readonly ['open', ticket: number, model: number, folder: string]
  | readonly ['recommend', ticket: number, model: number, query: RecommendQuery]
  | readonly ['rank', ticket: number, model: number, query: RankQuery]
  | readonly ['close', ticket: number, model: number];

/** What comes back: a list, the bytes that an opened (or closed) model holds now, or why there is neither. */
export type Answer = readonly [ticket: number, result: Ranked | number | Error];

/** One question to a model: a list of `count` items, or `items` put in order. */
export type Query = RecommendQuery | RankQuery;
