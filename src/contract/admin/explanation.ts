import { operation } from '../operation.ts';
import { Arn, Context, FilterValues, ItemID, Promotion, UserID } from '../personalize-runtime/common.ts';
import { double, enumeration, integer, list, optional, string, structure } from '../shape.ts';
import { Seconds } from './common.ts';

/** A number that is added to others. */
const Part = structure({ name: string(), value: double() });

/** Something that a list was made from, and what the model says without it. */
const Cause = structure({
  kind: enumeration(['item', 'user', 'context']),
  /** The item whose interactions are left out. */
  itemId: optional(string()),
  title: optional(string()),
  interactions: optional(integer()),
  /** When the newest of them happened; absent where the model keeps no times. */
  newestAt: optional(Seconds),
  /** The item's logit less its logit without the cause: the sum of the parts. */
  change: double(),
  parts: list(Part),
  /** ln(score / scoreWithout). What changes the logits of all items alike changes no score. */
  lift: double(),
  scoreWithout: double(),
});

const ExplainedItem = structure({
  itemId: string(),
  title: optional(string()),
  /** Where it comes from. */
  origin: enumeration(['model', 'exploration', 'promotion', 'trend', 'related', 'similar', 'popular', 'filling']),
  /** e^(logit − logSum), rounded to 7 decimals. */
  score: optional(double()),
  /** ln Σ e^logit over all items that the list, or the promotion that brought the item, might have had. */
  logSum: optional(double()),
  /** The sum of the parts. */
  logit: optional(double()),
  parts: optional(list(Part)),
  /** Greatest lift first, up or down. */
  causes: optional(list(Cause)),
  /** In a list that is no list of scores, from 1. */
  rank: optional(integer()),
  /** All of this as a sentence. */
  why: string(),
});

/** What a clause of a filter does for this request. */
const Clause = structure({
  /** As it was written. */
  text: string(),
  state: enumeration(['in force', 'value missing', 'test not met']),
  /** How many of the model's items meet its conditions. */
  matches: integer(),
  /** How many of those that were left it removes; below 0 for an INCLUDE clause that lets more pass. */
  removed: integer(),
  left: integer(),
});

const ExplainedFilter = structure({
  filterArn: string(),
  /** Items of the model. */
  items: integer(),
  /** In the order in which they count: INCLUDE clauses first. */
  clauses: list(Clause),
});

/**
 * Why a campaign or recommender gives a user these items. The list is a new one, so exploration may bring other items.
 */
export const Explain = operation({
  name: 'Explain',
  service: 'admin',
  method: 'GET',
  path: '/admin/explain',
  shows: 'nothing',
  input: structure({
    /** Exactly one of the two. */
    campaignArn: optional(Arn),
    recommenderArn: optional(Arn),
    userId: optional(UserID),
    itemId: optional(ItemID),
    /** How many items; 5 if it is absent. */
    numResults: optional(integer({ min: 1, max: 50 })),
    context: optional(Context),
    filterArn: optional(Arn),
    filterValues: optional(FilterValues),
    promotions: optional(list(Promotion, { max: 1 })),
    /** For a campaign that ranks: the items to put in order, as JSON. */
    inputList: optional(list(ItemID, { min: 1, max: 50 })),
  }),
  output: structure({
    campaignArn: optional(string()),
    recommenderArn: optional(string()),
    /** Of a campaign. */
    solutionVersionArn: optional(string()),
    /** Sentences on the list as a whole. */
    summary: list(string()),
    history: optional(
      structure({
        userId: optional(string()),
        /** Interactions of the training, and events since. */
        kept: integer(),
        recent: integer(),
      }),
    ),
    exploration: optional(
      structure({
        /** The chance of each position to be explored. */
        rate: double(),
        candidates: integer(),
      }),
    ),
    filter: optional(ExplainedFilter),
    /** What a recommender leaves out by itself, with or without a filter. */
    automaticFilter: optional(Clause),
    promotion: optional(
      structure({
        /** How many of the items it has brought. */
        promoted: integer(),
        filter: optional(ExplainedFilter),
      }),
    ),
    items: list(ExplainedItem),
  }),
  resources: ['campaignArn', 'recommenderArn'],
  refersTo: ['filterArn', 'promotions.*.filterArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
});
