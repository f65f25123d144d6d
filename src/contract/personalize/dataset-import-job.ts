import { operation } from '../operation.ts';
import { boolean, enumeration, list, optional, structure } from '../shape.ts';
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

const ImportMode = enumeration(['FULL', 'INCREMENTAL']);

const DatasetImportJob = structure({
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

const DatasetImportJobSummary = structure({
  datasetImportJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  importMode: optional(ImportMode),
});

export const CreateDatasetImportJob = operation({
  name: 'CreateDatasetImportJob',
  service: 'personalize',
  input: structure({
    jobName: Name,
    datasetArn: Arn,
    dataSource: DataSource,
    roleArn: optional(RoleArn),
    tags: optional(Tags),
    importMode: optional(ImportMode),
    publishAttributionMetricsToS3: optional(boolean()),
  }),
  output: structure({ datasetImportJobArn: optional(Arn) }),
  resources: ['datasetArn'],
  creates: 'dataset-import-job',
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

export const DescribeDatasetImportJob = operation({
  name: 'DescribeDatasetImportJob',
  service: 'personalize',
  input: structure({ datasetImportJobArn: Arn }),
  output: structure({ datasetImportJob: optional(DatasetImportJob) }),
  resources: ['datasetImportJobArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasetImportJobs = operation({
  name: 'ListDatasetImportJobs',
  service: 'personalize',
  input: structure({
    datasetArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    datasetImportJobs: optional(list(DatasetImportJobSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
