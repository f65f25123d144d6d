import { operation } from '../operation.ts';
import { enumeration, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  ColumnName,
  FailureReason,
  HyperParameters,
  MaxResults,
  Name,
  NextToken,
  NumBatchResults,
  RankingInfluence,
  RoleArn,
  S3DataConfig,
  Status,
  Tags,
  Timestamp,
} from './common.ts';

export const BatchInferenceJobInput = structure({
  s3DataSource: S3DataConfig,
});
export type BatchInferenceJobInput = Static<typeof BatchInferenceJobInput>;

export const BatchInferenceJobOutput = structure({
  s3DataDestination: S3DataConfig,
});
export type BatchInferenceJobOutput = Static<typeof BatchInferenceJobOutput>;

export const BatchInferenceJobConfig = structure({
  itemExplorationConfig: optional(HyperParameters),
  rankingInfluence: optional(RankingInfluence),
});
export type BatchInferenceJobConfig = Static<typeof BatchInferenceJobConfig>;

export const BatchInferenceJobMode = enumeration(['BATCH_INFERENCE', 'THEME_GENERATION']);
export type BatchInferenceJobMode = Static<typeof BatchInferenceJobMode>;

export const FieldsForThemeGeneration = structure({
  itemName: ColumnName,
});
export type FieldsForThemeGeneration = Static<typeof FieldsForThemeGeneration>;

export const ThemeGenerationConfig = structure({
  fieldsForThemeGeneration: FieldsForThemeGeneration,
});
export type ThemeGenerationConfig = Static<typeof ThemeGenerationConfig>;

export const CreateBatchInferenceJobRequest = structure({
  jobName: Name,
  solutionVersionArn: Arn,
  filterArn: optional(Arn),
  numResults: optional(NumBatchResults),
  jobInput: BatchInferenceJobInput,
  jobOutput: BatchInferenceJobOutput,
  roleArn: RoleArn,
  batchInferenceJobConfig: optional(BatchInferenceJobConfig),
  tags: optional(Tags),
  batchInferenceJobMode: optional(BatchInferenceJobMode),
  themeGenerationConfig: optional(ThemeGenerationConfig),
});
export type CreateBatchInferenceJobRequest = Static<typeof CreateBatchInferenceJobRequest>;

export const CreateBatchInferenceJobResponse = structure({
  batchInferenceJobArn: optional(Arn),
});
export type CreateBatchInferenceJobResponse = Static<typeof CreateBatchInferenceJobResponse>;

export const DescribeBatchInferenceJobRequest = structure({
  batchInferenceJobArn: Arn,
});
export type DescribeBatchInferenceJobRequest = Static<typeof DescribeBatchInferenceJobRequest>;

export const BatchInferenceJob = structure({
  jobName: optional(Name),
  batchInferenceJobArn: optional(Arn),
  filterArn: optional(Arn),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
  numResults: optional(NumBatchResults),
  jobInput: optional(BatchInferenceJobInput),
  jobOutput: optional(BatchInferenceJobOutput),
  batchInferenceJobConfig: optional(BatchInferenceJobConfig),
  roleArn: optional(RoleArn),
  batchInferenceJobMode: optional(BatchInferenceJobMode),
  themeGenerationConfig: optional(ThemeGenerationConfig),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type BatchInferenceJob = Static<typeof BatchInferenceJob>;

export const DescribeBatchInferenceJobResponse = structure({
  batchInferenceJob: optional(BatchInferenceJob),
});
export type DescribeBatchInferenceJobResponse = Static<typeof DescribeBatchInferenceJobResponse>;

export const ListBatchInferenceJobsRequest = structure({
  solutionVersionArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListBatchInferenceJobsRequest = Static<typeof ListBatchInferenceJobsRequest>;

export const BatchInferenceJobSummary = structure({
  batchInferenceJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
  batchInferenceJobMode: optional(BatchInferenceJobMode),
});
export type BatchInferenceJobSummary = Static<typeof BatchInferenceJobSummary>;

export const BatchInferenceJobs = list(BatchInferenceJobSummary, { max: 100 });
export type BatchInferenceJobs = Static<typeof BatchInferenceJobs>;

export const ListBatchInferenceJobsResponse = structure({
  batchInferenceJobs: optional(BatchInferenceJobs),
  nextToken: optional(NextToken),
});
export type ListBatchInferenceJobsResponse = Static<typeof ListBatchInferenceJobsResponse>;

export const CreateBatchInferenceJob = operation({
  name: 'CreateBatchInferenceJob',
  service: 'personalize',
  input: CreateBatchInferenceJobRequest,
  output: CreateBatchInferenceJobResponse,
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
});

export const DescribeBatchInferenceJob = operation({
  name: 'DescribeBatchInferenceJob',
  service: 'personalize',
  input: DescribeBatchInferenceJobRequest,
  output: DescribeBatchInferenceJobResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListBatchInferenceJobs = operation({
  name: 'ListBatchInferenceJobs',
  service: 'personalize',
  input: ListBatchInferenceJobsRequest,
  output: ListBatchInferenceJobsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
