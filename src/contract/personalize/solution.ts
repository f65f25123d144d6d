import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  AutoTrainingConfig,
  EventsConfig,
  EventType,
  FailureReason,
  MaxResults,
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
} from './common.ts';

export const PerformAutoTraining = boolean();
export type PerformAutoTraining = Static<typeof PerformAutoTraining>;

export const CreateSolutionRequest = structure({
  name: Name,
  performHPO: optional(boolean()),
  performAutoML: optional(PerformAutoML),
  performAutoTraining: optional(PerformAutoTraining),
  performIncrementalUpdate: optional(PerformIncrementalUpdate),
  recipeArn: optional(Arn),
  datasetGroupArn: Arn,
  eventType: optional(EventType),
  solutionConfig: optional(SolutionConfig),
  tags: optional(Tags),
});
export type CreateSolutionRequest = Static<typeof CreateSolutionRequest>;

export const CreateSolutionResponse = structure({
  solutionArn: optional(Arn),
});
export type CreateSolutionResponse = Static<typeof CreateSolutionResponse>;

export const DeleteSolutionRequest = structure({
  solutionArn: Arn,
});
export type DeleteSolutionRequest = Static<typeof DeleteSolutionRequest>;

export const DescribeSolutionRequest = structure({
  solutionArn: Arn,
});
export type DescribeSolutionRequest = Static<typeof DescribeSolutionRequest>;

export const AutoMLResult = structure({
  bestRecipeArn: optional(Arn),
});
export type AutoMLResult = Static<typeof AutoMLResult>;

export const SolutionUpdateConfig = structure({
  autoTrainingConfig: optional(AutoTrainingConfig),
  eventsConfig: optional(EventsConfig),
});
export type SolutionUpdateConfig = Static<typeof SolutionUpdateConfig>;

export const SolutionUpdateSummary = structure({
  solutionUpdateConfig: optional(SolutionUpdateConfig),
  status: optional(Status),
  performAutoTraining: optional(PerformAutoTraining),
  performIncrementalUpdate: optional(PerformIncrementalUpdate),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type SolutionUpdateSummary = Static<typeof SolutionUpdateSummary>;

export const Solution = structure({
  name: optional(Name),
  solutionArn: optional(Arn),
  performHPO: optional(PerformHPO),
  performAutoML: optional(PerformAutoML),
  performAutoTraining: optional(PerformAutoTraining),
  performIncrementalUpdate: optional(PerformIncrementalUpdate),
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
export type Solution = Static<typeof Solution>;

export const DescribeSolutionResponse = structure({
  solution: optional(Solution),
});
export type DescribeSolutionResponse = Static<typeof DescribeSolutionResponse>;

export const ListSolutionsRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListSolutionsRequest = Static<typeof ListSolutionsRequest>;

export const SolutionSummary = structure({
  name: optional(Name),
  solutionArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  recipeArn: optional(Arn),
});
export type SolutionSummary = Static<typeof SolutionSummary>;

export const Solutions = list(SolutionSummary, { max: 100 });
export type Solutions = Static<typeof Solutions>;

export const ListSolutionsResponse = structure({
  solutions: optional(Solutions),
  nextToken: optional(NextToken),
});
export type ListSolutionsResponse = Static<typeof ListSolutionsResponse>;

export const UpdateSolutionRequest = structure({
  solutionArn: Arn,
  performAutoTraining: optional(PerformAutoTraining),
  performIncrementalUpdate: optional(PerformIncrementalUpdate),
  solutionUpdateConfig: optional(SolutionUpdateConfig),
});
export type UpdateSolutionRequest = Static<typeof UpdateSolutionRequest>;

export const UpdateSolutionResponse = structure({
  solutionArn: optional(Arn),
});
export type UpdateSolutionResponse = Static<typeof UpdateSolutionResponse>;

export const CreateSolution = operation({
  name: 'CreateSolution',
  service: 'personalize',
  input: CreateSolutionRequest,
  output: CreateSolutionResponse,
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
  input: DeleteSolutionRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeSolution = operation({
  name: 'DescribeSolution',
  service: 'personalize',
  input: DescribeSolutionRequest,
  output: DescribeSolutionResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListSolutions = operation({
  name: 'ListSolutions',
  service: 'personalize',
  input: ListSolutionsRequest,
  output: ListSolutionsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateSolution = operation({
  name: 'UpdateSolution',
  service: 'personalize',
  input: UpdateSolutionRequest,
  output: UpdateSolutionResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'LimitExceededException',
    'ResourceInUseException',
  ],
});
