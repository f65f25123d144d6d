import { operation } from '../operation.ts';
import { list, map, optional, string, structure } from '../shape.ts';
import {
  Arn,
  Context,
  FilterValues,
  ItemID,
  Name,
  NumResults,
  Promotion,
  RecommendationID,
  Score,
  UserID,
} from './common.ts';

const DatasetType = string({ max: 256 });
const ColumnName = string({ max: 150 });
const MetadataColumns = map(DatasetType, list(ColumnName, { max: 99 }), { max: 1 });
const ColumnValue = string({ max: 20000 });
const Metadata = map(ColumnName, ColumnValue, { sensitive: true });
const Reason = string({ max: 256 });

const PredictedItem = structure({
  itemId: optional(ItemID),
  score: optional(Score),
  promotionName: optional(Name),
  metadata: optional(Metadata),
  reason: optional(list(Reason)),
});

const ItemList = list(PredictedItem);
export const GetPersonalizedRanking = operation({
  name: 'GetPersonalizedRanking',
  service: 'personalize-runtime',
  path: '/personalize-ranking',
  input: structure({
    campaignArn: Arn,
    inputList: list(ItemID),
    userId: UserID,
    context: optional(Context),
    filterArn: optional(Arn),
    filterValues: optional(FilterValues),
    metadataColumns: optional(MetadataColumns),
  }),
  output: structure({
    personalizedRanking: optional(ItemList),
    recommendationId: optional(RecommendationID),
  }),
  resources: ['campaignArn'],
  refersTo: ['filterArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const GetRecommendations = operation({
  name: 'GetRecommendations',
  service: 'personalize-runtime',
  path: '/recommendations',
  input: structure({
    campaignArn: optional(Arn),
    itemId: optional(ItemID),
    userId: optional(UserID),
    numResults: optional(NumResults),
    context: optional(Context),
    filterArn: optional(Arn),
    filterValues: optional(FilterValues),
    recommenderArn: optional(Arn),
    promotions: optional(list(Promotion, { max: 1 })),
    metadataColumns: optional(MetadataColumns),
  }),
  output: structure({
    itemList: optional(ItemList),
    recommendationId: optional(RecommendationID),
  }),
  resources: ['campaignArn', 'recommenderArn'],
  refersTo: ['filterArn', 'promotions.*.filterArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
