import { operation } from '../operation.ts';
import { Empty, list, optional, structure } from '../shape.ts';
import {
  Arn,
  DatasetType,
  FailureReason,
  MaxResults,
  Name,
  NextToken,
  Status,
  Tags,
  Timestamp,
  TrackingId,
} from './common.ts';

const DatasetUpdateSummary = structure({
  schemaArn: optional(Arn),
  status: optional(Status),
  failureReason: optional(FailureReason),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

const Dataset = structure({
  name: optional(Name),
  datasetArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  datasetType: optional(DatasetType),
  schemaArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  latestDatasetUpdate: optional(DatasetUpdateSummary),
  trackingId: optional(TrackingId),
});

const DatasetSummary = structure({
  name: optional(Name),
  datasetArn: optional(Arn),
  datasetType: optional(DatasetType),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

export const CreateDataset = operation({
  name: 'CreateDataset',
  service: 'personalize',
  input: structure({
    name: Name,
    schemaArn: Arn,
    datasetGroupArn: Arn,
    datasetType: DatasetType,
    tags: optional(Tags),
  }),
  output: structure({ datasetArn: optional(Arn) }),
  resources: ['datasetGroupArn'],
  creates: 'dataset',
  refersTo: ['schemaArn'],
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

export const DeleteDataset = operation({
  name: 'DeleteDataset',
  service: 'personalize',
  input: structure({ datasetArn: Arn }),
  output: Empty,
  resources: ['datasetArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeDataset = operation({
  name: 'DescribeDataset',
  service: 'personalize',
  input: structure({ datasetArn: Arn }),
  output: structure({ dataset: optional(Dataset) }),
  resources: ['datasetArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasets = operation({
  name: 'ListDatasets',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    datasets: optional(list(DatasetSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateDataset = operation({
  name: 'UpdateDataset',
  service: 'personalize',
  input: structure({
    datasetArn: Arn,
    schemaArn: Arn,
  }),
  output: structure({ datasetArn: optional(Arn) }),
  resources: ['datasetArn'],
  refersTo: ['schemaArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});
