import { operation } from '../operation.ts';
import { integer, list, optional, structure } from '../shape.ts';
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

const DataDeletionJob = structure({
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

const DataDeletionJobSummary = structure({
  dataDeletionJobArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

export const CreateDataDeletionJob = operation({
  name: 'CreateDataDeletionJob',
  service: 'personalize',
  input: structure({
    jobName: Name,
    datasetGroupArn: Arn,
    dataSource: DataSource,
    roleArn: RoleArn,
    tags: optional(Tags),
  }),
  output: structure({ dataDeletionJobArn: optional(Arn) }),
  resources: ['datasetGroupArn'],
  creates: 'data-deletion-job',
  passesRole: 'roleArn',
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
  input: structure({ dataDeletionJobArn: Arn }),
  output: structure({ dataDeletionJob: optional(DataDeletionJob) }),
  resources: ['dataDeletionJobArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDataDeletionJobs = operation({
  name: 'ListDataDeletionJobs',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    dataDeletionJobs: optional(list(DataDeletionJobSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
