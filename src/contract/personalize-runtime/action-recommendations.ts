import { operation } from '../operation.ts';
import { list, optional, string, structure } from '../shape.ts';
import { Arn, FilterValues, NumResults, RecommendationID, Score, UserID } from './common.ts';

const ActionID = string({ max: 256 });

const PredictedAction = structure({
  actionId: optional(ActionID),
  score: optional(Score),
});

export const GetActionRecommendations = operation({
  name: 'GetActionRecommendations',
  service: 'personalize-runtime',
  path: '/action-recommendations',
  input: structure({
    campaignArn: optional(Arn),
    userId: optional(UserID),
    numResults: optional(NumResults),
    filterArn: optional(Arn),
    filterValues: optional(FilterValues),
  }),
  output: structure({
    actionList: optional(list(PredictedAction)),
    recommendationId: optional(RecommendationID),
  }),
  resources: ['campaignArn'],
  refersTo: ['filterArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
