import { operation } from '../operation.ts';
import { list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, FilterValues, NumResults, RecommendationID, Score, UserID } from './common.ts';

export const GetActionRecommendationsRequest = structure({
  campaignArn: optional(Arn),
  userId: optional(UserID),
  numResults: optional(NumResults),
  filterArn: optional(Arn),
  filterValues: optional(FilterValues),
});
export type GetActionRecommendationsRequest = Static<typeof GetActionRecommendationsRequest>;

export const ActionID = string({ max: 256 });
export type ActionID = Static<typeof ActionID>;

export const PredictedAction = structure({
  actionId: optional(ActionID),
  score: optional(Score),
});
export type PredictedAction = Static<typeof PredictedAction>;

export const ActionList = list(PredictedAction);
export type ActionList = Static<typeof ActionList>;

export const GetActionRecommendationsResponse = structure({
  actionList: optional(ActionList),
  recommendationId: optional(RecommendationID),
});
export type GetActionRecommendationsResponse = Static<typeof GetActionRecommendationsResponse>;

export const GetActionRecommendations = operation({
  name: 'GetActionRecommendations',
  service: 'personalize-runtime',
  path: '/action-recommendations',
  input: GetActionRecommendationsRequest,
  output: GetActionRecommendationsResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
