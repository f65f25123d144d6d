import { operation } from '../operation.ts';
import { boolean, enumeration, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  DataSource,
  FailureReason,
  MaxResults,
  Name,
  NextToken,
  RoleArn,
  Status,
  Tags,
  Timestamp,
} from './common.ts';

export const ImportMode = enumeration(['FULL', 'INCREMENTAL']);
export type ImportMode = Static<typeof ImportMode>;

export const CreateDatasetImportJobRequest = structure({
  jobName: Name,
  datasetArn: Arn,
  dataSource: DataSource,
  roleArn: optional(RoleArn),
  tags: optional(Tags),
  importMode: optional(ImportMode),
  publishAttributionMetricsToS3: optional(boolean()),
});
export type CreateDatasetImportJobRequest = Static<typeof CreateDatasetImportJobRequest>;

export const CreateDatasetImportJobResponse = structure({
  datasetImportJobArn: optional(Arn),
});
export type CreateDatasetImportJobResponse = Static<typeof CreateDatasetImportJobResponse>;

export const DescribeDatasetImportJobRequest = structure({
  datasetImportJobArn: Arn,
});
export type DescribeDatasetImportJobRequest = Static<typeof DescribeDatasetImportJobRequest>;

export const DatasetImportJob = structure({
  jobName: optional(Name),
  datasetImportJobArn: optional(Arn),
  datasetArn: optional(Arn),
  dataSource: optional(DataSource),
  roleArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  importMode: optional(ImportMode),
  publishAttributionMetricsToS3: optional(boolean()),
});
export type DatasetImportJob = Static<typeof DatasetImportJob>;

export const DescribeDatasetImportJobResponse = structure({
  datasetImportJob: optional(DatasetImportJob),
});
export type DescribeDatasetImportJobResponse = Static<typeof DescribeDatasetImportJobResponse>;

export const ListDatasetImportJobsRequest = structure({
  datasetArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListDatasetImportJobsRequest = Static<typeof ListDatasetImportJobsRequest>;

export const DatasetImportJobSummary = structure({
  datasetImportJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  importMode: optional(ImportMode),
});
export type DatasetImportJobSummary = Static<typeof DatasetImportJobSummary>;

export const DatasetImportJobs = list(DatasetImportJobSummary, { max: 100 });
export type DatasetImportJobs = Static<typeof DatasetImportJobs>;

export const ListDatasetImportJobsResponse = structure({
  datasetImportJobs: optional(DatasetImportJobs),
  nextToken: optional(NextToken),
});
export type ListDatasetImportJobsResponse = Static<typeof ListDatasetImportJobsResponse>;

export const CreateDatasetImportJob = operation({
  name: 'CreateDatasetImportJob',
  service: 'personalize',
  input: CreateDatasetImportJobRequest,
  output: CreateDatasetImportJobResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
});

export const DescribeDatasetImportJob = operation({
  name: 'DescribeDatasetImportJob',
  service: 'personalize',
  input: DescribeDatasetImportJobRequest,
  output: DescribeDatasetImportJobResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasetImportJobs = operation({
  name: 'ListDatasetImportJobs',
  service: 'personalize',
  input: ListDatasetImportJobsRequest,
  output: ListDatasetImportJobsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
