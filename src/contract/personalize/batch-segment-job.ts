import { operation } from '../operation.ts';
import { list, optional, structure } from '../shape.ts';
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

const BatchSegmentJobInput = structure({ s3DataSource: S3DataConfig });

const BatchSegmentJobOutput = structure({ s3DataDestination: S3DataConfig });

const BatchSegmentJob = structure({
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

const BatchSegmentJobSummary = structure({
  batchSegmentJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
});

export const CreateBatchSegmentJob = operation({
  name: 'CreateBatchSegmentJob',
  service: 'personalize',
  input: structure({
    jobName: Name,
    solutionVersionArn: Arn,
    filterArn: optional(Arn),
    numResults: optional(NumBatchResults),
    jobInput: BatchSegmentJobInput,
    jobOutput: BatchSegmentJobOutput,
    roleArn: RoleArn,
    tags: optional(Tags),
  }),
  output: structure({ batchSegmentJobArn: optional(Arn) }),
  resources: [],
  creates: 'batch-segment-job',
  refersTo: ['solutionVersionArn', 'filterArn'],
  passesRole: 'roleArn',
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
  input: structure({ batchSegmentJobArn: Arn }),
  output: structure({ batchSegmentJob: optional(BatchSegmentJob) }),
  resources: ['batchSegmentJobArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListBatchSegmentJobs = operation({
  name: 'ListBatchSegmentJobs',
  service: 'personalize',
  input: structure({
    solutionVersionArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    batchSegmentJobs: optional(list(BatchSegmentJobSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['solutionVersionArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
