import { operation } from '../operation.ts';
import { enumeration, list, optional, structure } from '../shape.ts';
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

const IngestionMode = enumeration(['BULK', 'PUT', 'ALL']);

const DatasetExportJobOutput = structure({ s3DataDestination: S3DataConfig });

const DatasetExportJob = structure({
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

const DatasetExportJobSummary = structure({
  datasetExportJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

export const CreateDatasetExportJob = operation({
  name: 'CreateDatasetExportJob',
  service: 'personalize',
  input: structure({
    jobName: Name,
    datasetArn: Arn,
    ingestionMode: optional(IngestionMode),
    roleArn: RoleArn,
    jobOutput: DatasetExportJobOutput,
    tags: optional(Tags),
  }),
  output: structure({ datasetExportJobArn: optional(Arn) }),
  resources: ['datasetArn'],
  creates: 'dataset-export-job',
  passesRole: 'roleArn',
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
  input: structure({ datasetExportJobArn: Arn }),
  output: structure({ datasetExportJob: optional(DatasetExportJob) }),
  resources: ['datasetExportJobArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasetExportJobs = operation({
  name: 'ListDatasetExportJobs',
  service: 'personalize',
  input: structure({
    datasetArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    datasetExportJobs: optional(list(DatasetExportJobSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
