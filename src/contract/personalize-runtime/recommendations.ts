import { operation } from '../operation.ts';
import { integer, list, map, optional, type Static, string, structure } from '../shape.ts';
import { Arn, FilterValues, NumResults, RecommendationID, Score, UserID } from './common.ts';

export const ItemID = string({ max: 256 });
export type ItemID = Static<typeof ItemID>;

export const InputList = list(ItemID);
export type InputList = Static<typeof InputList>;

export const AttributeName = string({ max: 150, pattern: '[A-Za-z\\d_]+' });
export type AttributeName = Static<typeof AttributeName>;

export const AttributeValue = string({ max: 1000, sensitive: true });
export type AttributeValue = Static<typeof AttributeValue>;

export const Context = map(AttributeName, AttributeValue, { max: 150 });
export type Context = Static<typeof Context>;

export const DatasetType = string({ max: 256 });
export type DatasetType = Static<typeof DatasetType>;

export const ColumnName = string({ max: 150 });
export type ColumnName = Static<typeof ColumnName>;

export const ColumnNamesList = list(ColumnName, { max: 99 });
export type ColumnNamesList = Static<typeof ColumnNamesList>;

export const MetadataColumns = map(DatasetType, ColumnNamesList, { max: 1 });
export type MetadataColumns = Static<typeof MetadataColumns>;

export const GetPersonalizedRankingRequest = structure({
  campaignArn: Arn,
  inputList: InputList,
  userId: UserID,
  context: optional(Context),
  filterArn: optional(Arn),
  filterValues: optional(FilterValues),
  metadataColumns: optional(MetadataColumns),
});
export type GetPersonalizedRankingRequest = Static<typeof GetPersonalizedRankingRequest>;

export const Name = string({ min: 1, max: 63, pattern: '^[a-zA-Z0-9][a-zA-Z0-9\\-_]*' });
export type Name = Static<typeof Name>;

export const ColumnValue = string({ max: 20000 });
export type ColumnValue = Static<typeof ColumnValue>;

export const Metadata = map(ColumnName, ColumnValue, { sensitive: true });
export type Metadata = Static<typeof Metadata>;

export const Reason = string({ max: 256 });
export type Reason = Static<typeof Reason>;

export const ReasonList = list(Reason);
export type ReasonList = Static<typeof ReasonList>;

export const PredictedItem = structure({
  itemId: optional(ItemID),
  score: optional(Score),
  promotionName: optional(Name),
  metadata: optional(Metadata),
  reason: optional(ReasonList),
});
export type PredictedItem = Static<typeof PredictedItem>;

export const ItemList = list(PredictedItem);
export type ItemList = Static<typeof ItemList>;

export const GetPersonalizedRankingResponse = structure({
  personalizedRanking: optional(ItemList),
  recommendationId: optional(RecommendationID),
});
export type GetPersonalizedRankingResponse = Static<typeof GetPersonalizedRankingResponse>;

export const PercentPromotedItems = integer({ min: 1, max: 100 });
export type PercentPromotedItems = Static<typeof PercentPromotedItems>;

export const Promotion = structure({
  name: optional(Name),
  percentPromotedItems: optional(PercentPromotedItems),
  filterArn: optional(Arn),
  filterValues: optional(FilterValues),
});
export type Promotion = Static<typeof Promotion>;

export const PromotionList = list(Promotion, { max: 1 });
export type PromotionList = Static<typeof PromotionList>;

export const GetRecommendationsRequest = structure({
  campaignArn: optional(Arn),
  itemId: optional(ItemID),
  userId: optional(UserID),
  numResults: optional(NumResults),
  context: optional(Context),
  filterArn: optional(Arn),
  filterValues: optional(FilterValues),
  recommenderArn: optional(Arn),
  promotions: optional(PromotionList),
  metadataColumns: optional(MetadataColumns),
});
export type GetRecommendationsRequest = Static<typeof GetRecommendationsRequest>;

export const GetRecommendationsResponse = structure({
  itemList: optional(ItemList),
  recommendationId: optional(RecommendationID),
});
export type GetRecommendationsResponse = Static<typeof GetRecommendationsResponse>;

export const GetPersonalizedRanking = operation({
  name: 'GetPersonalizedRanking',
  service: 'personalize-runtime',
  path: '/personalize-ranking',
  input: GetPersonalizedRankingRequest,
  output: GetPersonalizedRankingResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const GetRecommendations = operation({
  name: 'GetRecommendations',
  service: 'personalize-runtime',
  path: '/recommendations',
  input: GetRecommendationsRequest,
  output: GetRecommendationsResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
