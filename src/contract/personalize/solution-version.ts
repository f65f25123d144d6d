import { operation } from '../operation.ts';
import { double, Empty, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  EventType,
  FailureReason,
  HyperParameters,
  MaxResults,
  Metrics,
  Name,
  NextToken,
  PerformAutoML,
  PerformHPO,
  PerformIncrementalUpdate,
  SolutionConfig,
  SolutionVersionSummary,
  Status,
  Tags,
  Timestamp,
  TrainingMode,
  TrainingType,
} from './common.ts';

export const CreateSolutionVersionRequest = structure({
  name: optional(Name),
  solutionArn: Arn,
  trainingMode: optional(TrainingMode),
  tags: optional(Tags),
});
export type CreateSolutionVersionRequest = Static<typeof CreateSolutionVersionRequest>;

export const CreateSolutionVersionResponse = structure({
  solutionVersionArn: optional(Arn),
});
export type CreateSolutionVersionResponse = Static<typeof CreateSolutionVersionResponse>;

export const DescribeSolutionVersionRequest = structure({
  solutionVersionArn: Arn,
});
export type DescribeSolutionVersionRequest = Static<typeof DescribeSolutionVersionRequest>;

export const TrainingHours = double({ min: 0 });
export type TrainingHours = Static<typeof TrainingHours>;

export const TunedHPOParams = structure({
  algorithmHyperParameters: optional(HyperParameters),
});
export type TunedHPOParams = Static<typeof TunedHPOParams>;

export const SolutionVersion = structure({
  name: optional(Name),
  solutionVersionArn: optional(Arn),
  solutionArn: optional(Arn),
  performHPO: optional(PerformHPO),
  performAutoML: optional(PerformAutoML),
  performIncrementalUpdate: optional(PerformIncrementalUpdate),
  recipeArn: optional(Arn),
  eventType: optional(EventType),
  datasetGroupArn: optional(Arn),
  solutionConfig: optional(SolutionConfig),
  trainingHours: optional(TrainingHours),
  trainingMode: optional(TrainingMode),
  tunedHPOParams: optional(TunedHPOParams),
  status: optional(Status),
  failureReason: optional(FailureReason),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  trainingType: optional(TrainingType),
});
export type SolutionVersion = Static<typeof SolutionVersion>;

export const DescribeSolutionVersionResponse = structure({
  solutionVersion: optional(SolutionVersion),
});
export type DescribeSolutionVersionResponse = Static<typeof DescribeSolutionVersionResponse>;

export const GetSolutionMetricsRequest = structure({
  solutionVersionArn: Arn,
});
export type GetSolutionMetricsRequest = Static<typeof GetSolutionMetricsRequest>;

export const GetSolutionMetricsResponse = structure({
  solutionVersionArn: optional(Arn),
  metrics: optional(Metrics),
});
export type GetSolutionMetricsResponse = Static<typeof GetSolutionMetricsResponse>;

export const ListSolutionVersionsRequest = structure({
  solutionArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListSolutionVersionsRequest = Static<typeof ListSolutionVersionsRequest>;

export const SolutionVersions = list(SolutionVersionSummary, { max: 100 });
export type SolutionVersions = Static<typeof SolutionVersions>;

export const ListSolutionVersionsResponse = structure({
  solutionVersions: optional(SolutionVersions),
  nextToken: optional(NextToken),
});
export type ListSolutionVersionsResponse = Static<typeof ListSolutionVersionsResponse>;

export const StopSolutionVersionCreationRequest = structure({
  solutionVersionArn: Arn,
});
export type StopSolutionVersionCreationRequest = Static<typeof StopSolutionVersionCreationRequest>;

export const CreateSolutionVersion = operation({
  name: 'CreateSolutionVersion',
  service: 'personalize',
  input: CreateSolutionVersionRequest,
  output: CreateSolutionVersionResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
    'ResourceAlreadyExistsException',
  ],
});

export const DescribeSolutionVersion = operation({
  name: 'DescribeSolutionVersion',
  service: 'personalize',
  input: DescribeSolutionVersionRequest,
  output: DescribeSolutionVersionResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const GetSolutionMetrics = operation({
  name: 'GetSolutionMetrics',
  service: 'personalize',
  input: GetSolutionMetricsRequest,
  output: GetSolutionMetricsResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

export const ListSolutionVersions = operation({
  name: 'ListSolutionVersions',
  service: 'personalize',
  input: ListSolutionVersionsRequest,
  output: ListSolutionVersionsResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const StopSolutionVersionCreation = operation({
  name: 'StopSolutionVersionCreation',
  service: 'personalize',
  input: StopSolutionVersionCreationRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});
