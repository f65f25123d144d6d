import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  FailureReason,
  HyperParameters,
  MaxResults,
  Metrics,
  Name,
  NextToken,
  Status,
  Tags,
  Timestamp,
  TrainingDataConfig,
  TransactionsPerSecond,
} from './common.ts';

export const RecommenderConfig = structure({
  itemExplorationConfig: optional(HyperParameters),
  minRecommendationRequestsPerSecond: optional(TransactionsPerSecond),
  trainingDataConfig: optional(TrainingDataConfig),
  enableMetadataWithRecommendations: optional(boolean()),
});
export type RecommenderConfig = Static<typeof RecommenderConfig>;

export const CreateRecommenderRequest = structure({
  name: Name,
  datasetGroupArn: Arn,
  recipeArn: Arn,
  recommenderConfig: optional(RecommenderConfig),
  tags: optional(Tags),
});
export type CreateRecommenderRequest = Static<typeof CreateRecommenderRequest>;

export const CreateRecommenderResponse = structure({
  recommenderArn: optional(Arn),
});
export type CreateRecommenderResponse = Static<typeof CreateRecommenderResponse>;

export const DeleteRecommenderRequest = structure({
  recommenderArn: Arn,
});
export type DeleteRecommenderRequest = Static<typeof DeleteRecommenderRequest>;

export const DescribeRecommenderRequest = structure({
  recommenderArn: Arn,
});
export type DescribeRecommenderRequest = Static<typeof DescribeRecommenderRequest>;

export const RecommenderUpdateSummary = structure({
  recommenderConfig: optional(RecommenderConfig),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  status: optional(Status),
  failureReason: optional(FailureReason),
});
export type RecommenderUpdateSummary = Static<typeof RecommenderUpdateSummary>;

export const Recommender = structure({
  recommenderArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  name: optional(Name),
  recipeArn: optional(Arn),
  recommenderConfig: optional(RecommenderConfig),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  status: optional(Status),
  failureReason: optional(FailureReason),
  latestRecommenderUpdate: optional(RecommenderUpdateSummary),
  modelMetrics: optional(Metrics),
});
export type Recommender = Static<typeof Recommender>;

export const DescribeRecommenderResponse = structure({
  recommender: optional(Recommender),
});
export type DescribeRecommenderResponse = Static<typeof DescribeRecommenderResponse>;

export const ListRecommendersRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListRecommendersRequest = Static<typeof ListRecommendersRequest>;

export const RecommenderSummary = structure({
  name: optional(Name),
  recommenderArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  recipeArn: optional(Arn),
  recommenderConfig: optional(RecommenderConfig),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type RecommenderSummary = Static<typeof RecommenderSummary>;

export const Recommenders = list(RecommenderSummary, { max: 100 });
export type Recommenders = Static<typeof Recommenders>;

export const ListRecommendersResponse = structure({
  recommenders: optional(Recommenders),
  nextToken: optional(NextToken),
});
export type ListRecommendersResponse = Static<typeof ListRecommendersResponse>;

export const StartRecommenderRequest = structure({
  recommenderArn: Arn,
});
export type StartRecommenderRequest = Static<typeof StartRecommenderRequest>;

export const StartRecommenderResponse = structure({
  recommenderArn: optional(Arn),
});
export type StartRecommenderResponse = Static<typeof StartRecommenderResponse>;

export const StopRecommenderRequest = structure({
  recommenderArn: Arn,
});
export type StopRecommenderRequest = Static<typeof StopRecommenderRequest>;

export const StopRecommenderResponse = structure({
  recommenderArn: optional(Arn),
});
export type StopRecommenderResponse = Static<typeof StopRecommenderResponse>;

export const UpdateRecommenderRequest = structure({
  recommenderArn: Arn,
  recommenderConfig: RecommenderConfig,
});
export type UpdateRecommenderRequest = Static<typeof UpdateRecommenderRequest>;

export const UpdateRecommenderResponse = structure({
  recommenderArn: optional(Arn),
});
export type UpdateRecommenderResponse = Static<typeof UpdateRecommenderResponse>;

export const CreateRecommender = operation({
  name: 'CreateRecommender',
  service: 'personalize',
  input: CreateRecommenderRequest,
  output: CreateRecommenderResponse,
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
  idempotent: true,
});

export const DeleteRecommender = operation({
  name: 'DeleteRecommender',
  service: 'personalize',
  input: DeleteRecommenderRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeRecommender = operation({
  name: 'DescribeRecommender',
  service: 'personalize',
  input: DescribeRecommenderRequest,
  output: DescribeRecommenderResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListRecommenders = operation({
  name: 'ListRecommenders',
  service: 'personalize',
  input: ListRecommendersRequest,
  output: ListRecommendersResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const StartRecommender = operation({
  name: 'StartRecommender',
  service: 'personalize',
  input: StartRecommenderRequest,
  output: StartRecommenderResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const StopRecommender = operation({
  name: 'StopRecommender',
  service: 'personalize',
  input: StopRecommenderRequest,
  output: StopRecommenderResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const UpdateRecommender = operation({
  name: 'UpdateRecommender',
  service: 'personalize',
  input: UpdateRecommenderRequest,
  output: UpdateRecommenderResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});
