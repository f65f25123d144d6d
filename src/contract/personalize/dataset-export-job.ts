import { operation } from '../operation.ts';
import { enumeration, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  FailureReason,
  MaxResults,
  Name,
  NextToken,
  RoleArn,
  S3DataConfig,
  Status,
  Tags,
  Timestamp,
} from './common.ts';

export const IngestionMode = enumeration(['BULK', 'PUT', 'ALL']);
export type IngestionMode = Static<typeof IngestionMode>;

export const DatasetExportJobOutput = structure({
  s3DataDestination: S3DataConfig,
});
export type DatasetExportJobOutput = Static<typeof DatasetExportJobOutput>;

export const CreateDatasetExportJobRequest = structure({
  jobName: Name,
  datasetArn: Arn,
  ingestionMode: optional(IngestionMode),
  roleArn: RoleArn,
  jobOutput: DatasetExportJobOutput,
  tags: optional(Tags),
});
export type CreateDatasetExportJobRequest = Static<typeof CreateDatasetExportJobRequest>;

export const CreateDatasetExportJobResponse = structure({
  datasetExportJobArn: optional(Arn),
});
export type CreateDatasetExportJobResponse = Static<typeof CreateDatasetExportJobResponse>;

export const DescribeDatasetExportJobRequest = structure({
  datasetExportJobArn: Arn,
});
export type DescribeDatasetExportJobRequest = Static<typeof DescribeDatasetExportJobRequest>;

export const DatasetExportJob = structure({
  jobName: optional(Name),
  datasetExportJobArn: optional(Arn),
  datasetArn: optional(Arn),
  ingestionMode: optional(IngestionMode),
  roleArn: optional(Arn),
  status: optional(Status),
  jobOutput: optional(DatasetExportJobOutput),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type DatasetExportJob = Static<typeof DatasetExportJob>;

export const DescribeDatasetExportJobResponse = structure({
  datasetExportJob: optional(DatasetExportJob),
});
export type DescribeDatasetExportJobResponse = Static<typeof DescribeDatasetExportJobResponse>;

export const ListDatasetExportJobsRequest = structure({
  datasetArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListDatasetExportJobsRequest = Static<typeof ListDatasetExportJobsRequest>;

export const DatasetExportJobSummary = structure({
  datasetExportJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type DatasetExportJobSummary = Static<typeof DatasetExportJobSummary>;

export const DatasetExportJobs = list(DatasetExportJobSummary, { max: 100 });
export type DatasetExportJobs = Static<typeof DatasetExportJobs>;

export const ListDatasetExportJobsResponse = structure({
  datasetExportJobs: optional(DatasetExportJobs),
  nextToken: optional(NextToken),
});
export type ListDatasetExportJobsResponse = Static<typeof ListDatasetExportJobsResponse>;

export const CreateDatasetExportJob = operation({
  name: 'CreateDatasetExportJob',
  service: 'personalize',
  input: CreateDatasetExportJobRequest,
  output: CreateDatasetExportJobResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
  idempotent: true,
});

export const DescribeDatasetExportJob = operation({
  name: 'DescribeDatasetExportJob',
  service: 'personalize',
  input: DescribeDatasetExportJobRequest,
  output: DescribeDatasetExportJobResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasetExportJobs = operation({
  name: 'ListDatasetExportJobs',
  service: 'personalize',
  input: ListDatasetExportJobsRequest,
  output: ListDatasetExportJobsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
