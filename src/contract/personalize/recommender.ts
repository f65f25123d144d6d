import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, structure } from '../shape.ts';
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

const RecommenderConfig = structure({
  itemExplorationConfig: optional(HyperParameters),
  minRecommendationRequestsPerSecond: optional(TransactionsPerSecond),
  trainingDataConfig: optional(TrainingDataConfig),
  enableMetadataWithRecommendations: optional(boolean()),
});

const RecommenderUpdateSummary = structure({
  recommenderConfig: optional(RecommenderConfig),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  status: optional(Status),
  failureReason: optional(FailureReason),
});

const Recommender = structure({
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

const RecommenderSummary = structure({
  name: optional(Name),
  recommenderArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  recipeArn: optional(Arn),
  recommenderConfig: optional(RecommenderConfig),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

export const CreateRecommender = operation({
  name: 'CreateRecommender',
  service: 'personalize',
  input: structure({
    name: Name,
    datasetGroupArn: Arn,
    recipeArn: Arn,
    recommenderConfig: optional(RecommenderConfig),
    tags: optional(Tags),
  }),
  output: structure({ recommenderArn: optional(Arn) }),
  resources: ['datasetGroupArn'],
  creates: 'recommender',
  refersTo: ['recipeArn'],
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
  input: structure({ recommenderArn: Arn }),
  output: Empty,
  resources: ['recommenderArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeRecommender = operation({
  name: 'DescribeRecommender',
  service: 'personalize',
  input: structure({ recommenderArn: Arn }),
  output: structure({ recommender: optional(Recommender) }),
  resources: ['recommenderArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListRecommenders = operation({
  name: 'ListRecommenders',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    recommenders: optional(list(RecommenderSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const StartRecommender = operation({
  name: 'StartRecommender',
  service: 'personalize',
  input: structure({ recommenderArn: Arn }),
  output: structure({ recommenderArn: optional(Arn) }),
  resources: ['recommenderArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const StopRecommender = operation({
  name: 'StopRecommender',
  service: 'personalize',
  input: structure({ recommenderArn: Arn }),
  output: structure({ recommenderArn: optional(Arn) }),
  resources: ['recommenderArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const UpdateRecommender = operation({
  name: 'UpdateRecommender',
  service: 'personalize',
  input: structure({
    recommenderArn: Arn,
    recommenderConfig: RecommenderConfig,
  }),
  output: structure({ recommenderArn: optional(Arn) }),
  resources: ['recommenderArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});
