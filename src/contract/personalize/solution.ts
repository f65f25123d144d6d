import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, structure } from '../shape.ts';
import {
  Arn,
  EventType,
  FailureReason,
  MaxResults,
  Name,
  NextToken,
  SolutionVersionSummary,
  Status,
  Tags,
  Timestamp,
} from './common.ts';
import { AutoTrainingConfig, EventsConfig, SolutionConfig } from './solution-config.ts';

const AutoMLResult = structure({ bestRecipeArn: optional(Arn) });

const SolutionUpdateConfig = structure({
  autoTrainingConfig: optional(AutoTrainingConfig),
  eventsConfig: optional(EventsConfig),
});

const SolutionUpdateSummary = structure({
  solutionUpdateConfig: optional(SolutionUpdateConfig),
  status: optional(Status),
  performAutoTraining: optional(boolean()),
  performIncrementalUpdate: optional(boolean()),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

const Solution = structure({
  name: optional(Name),
  solutionArn: optional(Arn),
  performHPO: optional(boolean()),
  performAutoML: optional(boolean()),
  performAutoTraining: optional(boolean()),
  performIncrementalUpdate: optional(boolean()),
  recipeArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  eventType: optional(EventType),
  solutionConfig: optional(SolutionConfig),
  autoMLResult: optional(AutoMLResult),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  latestSolutionVersion: optional(SolutionVersionSummary),
  latestSolutionUpdate: optional(SolutionUpdateSummary),
});

const SolutionSummary = structure({
  name: optional(Name),
  solutionArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  recipeArn: optional(Arn),
});

export const CreateSolution = operation({
  name: 'CreateSolution',
  service: 'personalize',
  input: structure({
    name: Name,
    performHPO: optional(boolean()),
    performAutoML: optional(boolean()),
    performAutoTraining: optional(boolean()),
    performIncrementalUpdate: optional(boolean()),
    recipeArn: optional(Arn),
    datasetGroupArn: Arn,
    eventType: optional(EventType),
    solutionConfig: optional(SolutionConfig),
    tags: optional(Tags),
  }),
  output: structure({ solutionArn: optional(Arn) }),
  resources: ['datasetGroupArn'],
  creates: 'solution',
  refersTo: ['recipeArn', 'solutionConfig.autoMLConfig.recipeList.*'],
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
});

export const DeleteSolution = operation({
  name: 'DeleteSolution',
  service: 'personalize',
  input: structure({ solutionArn: Arn }),
  output: Empty,
  resources: ['solutionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeSolution = operation({
  name: 'DescribeSolution',
  service: 'personalize',
  input: structure({ solutionArn: Arn }),
  output: structure({ solution: optional(Solution) }),
  resources: ['solutionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListSolutions = operation({
  name: 'ListSolutions',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    solutions: optional(list(SolutionSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateSolution = operation({
  name: 'UpdateSolution',
  service: 'personalize',
  input: structure({
    solutionArn: Arn,
    performAutoTraining: optional(boolean()),
    performIncrementalUpdate: optional(boolean()),
    solutionUpdateConfig: optional(SolutionUpdateConfig),
  }),
  output: structure({ solutionArn: optional(Arn) }),
  resources: ['solutionArn'],
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'LimitExceededException',
    'ResourceInUseException',
  ],
});
