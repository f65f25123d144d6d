import { operation } from '../operation.ts';
import { integer, list, optional, type Static, structure } from '../shape.ts';
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

export const CreateDataDeletionJobRequest = structure({
  jobName: Name,
  datasetGroupArn: Arn,
  dataSource: DataSource,
  roleArn: RoleArn,
  tags: optional(Tags),
});
export type CreateDataDeletionJobRequest = Static<typeof CreateDataDeletionJobRequest>;

export const CreateDataDeletionJobResponse = structure({
  dataDeletionJobArn: optional(Arn),
});
export type CreateDataDeletionJobResponse = Static<typeof CreateDataDeletionJobResponse>;

export const DescribeDataDeletionJobRequest = structure({
  dataDeletionJobArn: Arn,
});
export type DescribeDataDeletionJobRequest = Static<typeof DescribeDataDeletionJobRequest>;

export const DataDeletionJob = structure({
  jobName: optional(Name),
  dataDeletionJobArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  dataSource: optional(DataSource),
  roleArn: optional(RoleArn),
  status: optional(Status),
  numDeleted: optional(integer()),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type DataDeletionJob = Static<typeof DataDeletionJob>;

export const DescribeDataDeletionJobResponse = structure({
  dataDeletionJob: optional(DataDeletionJob),
});
export type DescribeDataDeletionJobResponse = Static<typeof DescribeDataDeletionJobResponse>;

export const ListDataDeletionJobsRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListDataDeletionJobsRequest = Static<typeof ListDataDeletionJobsRequest>;

export const DataDeletionJobSummary = structure({
  dataDeletionJobArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type DataDeletionJobSummary = Static<typeof DataDeletionJobSummary>;

export const DataDeletionJobs = list(DataDeletionJobSummary, { max: 100 });
export type DataDeletionJobs = Static<typeof DataDeletionJobs>;

export const ListDataDeletionJobsResponse = structure({
  dataDeletionJobs: optional(DataDeletionJobs),
  nextToken: optional(NextToken),
});
export type ListDataDeletionJobsResponse = Static<typeof ListDataDeletionJobsResponse>;

export const CreateDataDeletionJob = operation({
  name: 'CreateDataDeletionJob',
  service: 'personalize',
  input: CreateDataDeletionJobRequest,
  output: CreateDataDeletionJobResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
});

export const DescribeDataDeletionJob = operation({
  name: 'DescribeDataDeletionJob',
  service: 'personalize',
  input: DescribeDataDeletionJobRequest,
  output: DescribeDataDeletionJobResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDataDeletionJobs = operation({
  name: 'ListDataDeletionJobs',
  service: 'personalize',
  input: ListDataDeletionJobsRequest,
  output: ListDataDeletionJobsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
