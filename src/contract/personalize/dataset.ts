import { operation } from '../operation.ts';
import { Empty, list, optional, type Static, structure } from '../shape.ts';
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

export const CreateDatasetRequest = structure({
  name: Name,
  schemaArn: Arn,
  datasetGroupArn: Arn,
  datasetType: DatasetType,
  tags: optional(Tags),
});
export type CreateDatasetRequest = Static<typeof CreateDatasetRequest>;

export const CreateDatasetResponse = structure({
  datasetArn: optional(Arn),
});
export type CreateDatasetResponse = Static<typeof CreateDatasetResponse>;

export const DeleteDatasetRequest = structure({
  datasetArn: Arn,
});
export type DeleteDatasetRequest = Static<typeof DeleteDatasetRequest>;

export const DescribeDatasetRequest = structure({
  datasetArn: Arn,
});
export type DescribeDatasetRequest = Static<typeof DescribeDatasetRequest>;

export const DatasetUpdateSummary = structure({
  schemaArn: optional(Arn),
  status: optional(Status),
  failureReason: optional(FailureReason),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type DatasetUpdateSummary = Static<typeof DatasetUpdateSummary>;

export const Dataset = structure({
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
export type Dataset = Static<typeof Dataset>;

export const DescribeDatasetResponse = structure({
  dataset: optional(Dataset),
});
export type DescribeDatasetResponse = Static<typeof DescribeDatasetResponse>;

export const ListDatasetsRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListDatasetsRequest = Static<typeof ListDatasetsRequest>;

export const DatasetSummary = structure({
  name: optional(Name),
  datasetArn: optional(Arn),
  datasetType: optional(DatasetType),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type DatasetSummary = Static<typeof DatasetSummary>;

export const Datasets = list(DatasetSummary, { max: 100 });
export type Datasets = Static<typeof Datasets>;

export const ListDatasetsResponse = structure({
  datasets: optional(Datasets),
  nextToken: optional(NextToken),
});
export type ListDatasetsResponse = Static<typeof ListDatasetsResponse>;

export const UpdateDatasetRequest = structure({
  datasetArn: Arn,
  schemaArn: Arn,
});
export type UpdateDatasetRequest = Static<typeof UpdateDatasetRequest>;

export const UpdateDatasetResponse = structure({
  datasetArn: optional(Arn),
});
export type UpdateDatasetResponse = Static<typeof UpdateDatasetResponse>;

export const CreateDataset = operation({
  name: 'CreateDataset',
  service: 'personalize',
  input: CreateDatasetRequest,
  output: CreateDatasetResponse,
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
  input: DeleteDatasetRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeDataset = operation({
  name: 'DescribeDataset',
  service: 'personalize',
  input: DescribeDatasetRequest,
  output: DescribeDatasetResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasets = operation({
  name: 'ListDatasets',
  service: 'personalize',
  input: ListDatasetsRequest,
  output: ListDatasetsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateDataset = operation({
  name: 'UpdateDataset',
  service: 'personalize',
  input: UpdateDatasetRequest,
  output: UpdateDatasetResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});
