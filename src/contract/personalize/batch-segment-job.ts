import { operation } from '../operation.ts';
import { list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  FailureReason,
  MaxResults,
  Name,
  NextToken,
  NumBatchResults,
  RoleArn,
  S3DataConfig,
  Status,
  Tags,
  Timestamp,
} from './common.ts';

export const BatchSegmentJobInput = structure({
  s3DataSource: S3DataConfig,
});
export type BatchSegmentJobInput = Static<typeof BatchSegmentJobInput>;

export const BatchSegmentJobOutput = structure({
  s3DataDestination: S3DataConfig,
});
export type BatchSegmentJobOutput = Static<typeof BatchSegmentJobOutput>;

export const CreateBatchSegmentJobRequest = structure({
  jobName: Name,
  solutionVersionArn: Arn,
  filterArn: optional(Arn),
  numResults: optional(NumBatchResults),
  jobInput: BatchSegmentJobInput,
  jobOutput: BatchSegmentJobOutput,
  roleArn: RoleArn,
  tags: optional(Tags),
});
export type CreateBatchSegmentJobRequest = Static<typeof CreateBatchSegmentJobRequest>;

export const CreateBatchSegmentJobResponse = structure({
  batchSegmentJobArn: optional(Arn),
});
export type CreateBatchSegmentJobResponse = Static<typeof CreateBatchSegmentJobResponse>;

export const DescribeBatchSegmentJobRequest = structure({
  batchSegmentJobArn: Arn,
});
export type DescribeBatchSegmentJobRequest = Static<typeof DescribeBatchSegmentJobRequest>;

export const BatchSegmentJob = structure({
  jobName: optional(Name),
  batchSegmentJobArn: optional(Arn),
  filterArn: optional(Arn),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
  numResults: optional(NumBatchResults),
  jobInput: optional(BatchSegmentJobInput),
  jobOutput: optional(BatchSegmentJobOutput),
  roleArn: optional(RoleArn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type BatchSegmentJob = Static<typeof BatchSegmentJob>;

export const DescribeBatchSegmentJobResponse = structure({
  batchSegmentJob: optional(BatchSegmentJob),
});
export type DescribeBatchSegmentJobResponse = Static<typeof DescribeBatchSegmentJobResponse>;

export const ListBatchSegmentJobsRequest = structure({
  solutionVersionArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListBatchSegmentJobsRequest = Static<typeof ListBatchSegmentJobsRequest>;

export const BatchSegmentJobSummary = structure({
  batchSegmentJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
});
export type BatchSegmentJobSummary = Static<typeof BatchSegmentJobSummary>;

export const BatchSegmentJobs = list(BatchSegmentJobSummary, { max: 100 });
export type BatchSegmentJobs = Static<typeof BatchSegmentJobs>;

export const ListBatchSegmentJobsResponse = structure({
  batchSegmentJobs: optional(BatchSegmentJobs),
  nextToken: optional(NextToken),
});
export type ListBatchSegmentJobsResponse = Static<typeof ListBatchSegmentJobsResponse>;

export const CreateBatchSegmentJob = operation({
  name: 'CreateBatchSegmentJob',
  service: 'personalize',
  input: CreateBatchSegmentJobRequest,
  output: CreateBatchSegmentJobResponse,
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
});

export const DescribeBatchSegmentJob = operation({
  name: 'DescribeBatchSegmentJob',
  service: 'personalize',
  input: DescribeBatchSegmentJobRequest,
  output: DescribeBatchSegmentJobResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListBatchSegmentJobs = operation({
  name: 'ListBatchSegmentJobs',
  service: 'personalize',
  input: ListBatchSegmentJobsRequest,
  output: ListBatchSegmentJobsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
