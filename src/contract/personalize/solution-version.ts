import { operation } from '../operation.ts';
import { boolean, double, Empty, list, optional, structure } from '../shape.ts';
import {
  Arn,
  EventType,
  FailureReason,
  HyperParameters,
  MaxResults,
  Metrics,
  Name,
  NextToken,
  SolutionVersionSummary,
  Status,
  Tags,
  Timestamp,
  TrainingMode,
  TrainingType,
} from './common.ts';
import { SolutionConfig } from './solution-config.ts';

const TrainingHours = double({ min: 0 });

const TunedHPOParams = structure({ algorithmHyperParameters: optional(HyperParameters) });

const SolutionVersion = structure({
  name: optional(Name),
  solutionVersionArn: optional(Arn),
  solutionArn: optional(Arn),
  performHPO: optional(boolean()),
  performAutoML: optional(boolean()),
  performIncrementalUpdate: optional(boolean()),
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

export const CreateSolutionVersion = operation({
  name: 'CreateSolutionVersion',
  service: 'personalize',
  input: structure({
    name: optional(Name),
    solutionArn: Arn,
    trainingMode: optional(TrainingMode),
    tags: optional(Tags),
  }),
  output: structure({ solutionVersionArn: optional(Arn) }),
  resources: ['solutionArn'], // the new version lies under it and needs no permission of its own
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
  input: structure({ solutionVersionArn: Arn }),
  output: structure({ solutionVersion: optional(SolutionVersion) }),
  resources: ['solutionVersionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const GetSolutionMetrics = operation({
  name: 'GetSolutionMetrics',
  service: 'personalize',
  input: structure({ solutionVersionArn: Arn }),
  output: structure({
    solutionVersionArn: optional(Arn),
    metrics: optional(Metrics),
  }),
  resources: ['solutionVersionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

export const ListSolutionVersions = operation({
  name: 'ListSolutionVersions',
  service: 'personalize',
  input: structure({
    solutionArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    solutionVersions: optional(list(SolutionVersionSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['solutionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const StopSolutionVersionCreation = operation({
  name: 'StopSolutionVersionCreation',
  service: 'personalize',
  input: structure({ solutionVersionArn: Arn }),
  output: Empty,
  resources: ['solutionVersionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});
