import { operation } from '../operation.ts';
import { Empty, list, optional, type Static, structure } from '../shape.ts';
import {
  Arn,
  Domain,
  FailureReason,
  KmsKeyArn,
  MaxResults,
  Name,
  NextToken,
  RoleArn,
  Status,
  Tags,
  Timestamp,
} from './common.ts';

export const CreateDatasetGroupRequest = structure({
  name: Name,
  roleArn: optional(RoleArn),
  kmsKeyArn: optional(KmsKeyArn),
  domain: optional(Domain),
  tags: optional(Tags),
});
export type CreateDatasetGroupRequest = Static<typeof CreateDatasetGroupRequest>;

export const CreateDatasetGroupResponse = structure({
  datasetGroupArn: optional(Arn),
  domain: optional(Domain),
});
export type CreateDatasetGroupResponse = Static<typeof CreateDatasetGroupResponse>;

export const DeleteDatasetGroupRequest = structure({
  datasetGroupArn: Arn,
});
export type DeleteDatasetGroupRequest = Static<typeof DeleteDatasetGroupRequest>;

export const DescribeDatasetGroupRequest = structure({
  datasetGroupArn: Arn,
});
export type DescribeDatasetGroupRequest = Static<typeof DescribeDatasetGroupRequest>;

export const DatasetGroup = structure({
  name: optional(Name),
  datasetGroupArn: optional(Arn),
  status: optional(Status),
  roleArn: optional(RoleArn),
  kmsKeyArn: optional(KmsKeyArn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  domain: optional(Domain),
});
export type DatasetGroup = Static<typeof DatasetGroup>;

export const DescribeDatasetGroupResponse = structure({
  datasetGroup: optional(DatasetGroup),
});
export type DescribeDatasetGroupResponse = Static<typeof DescribeDatasetGroupResponse>;

export const ListDatasetGroupsRequest = structure({
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListDatasetGroupsRequest = Static<typeof ListDatasetGroupsRequest>;

export const DatasetGroupSummary = structure({
  name: optional(Name),
  datasetGroupArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  domain: optional(Domain),
});
export type DatasetGroupSummary = Static<typeof DatasetGroupSummary>;

export const DatasetGroups = list(DatasetGroupSummary, { max: 100 });
export type DatasetGroups = Static<typeof DatasetGroups>;

export const ListDatasetGroupsResponse = structure({
  datasetGroups: optional(DatasetGroups),
  nextToken: optional(NextToken),
});
export type ListDatasetGroupsResponse = Static<typeof ListDatasetGroupsResponse>;

export const CreateDatasetGroup = operation({
  name: 'CreateDatasetGroup',
  service: 'personalize',
  input: CreateDatasetGroupRequest,
  output: CreateDatasetGroupResponse,
  errors: ['InvalidInputException', 'ResourceAlreadyExistsException', 'LimitExceededException', 'TooManyTagsException'],
});

export const DeleteDatasetGroup = operation({
  name: 'DeleteDatasetGroup',
  service: 'personalize',
  input: DeleteDatasetGroupRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeDatasetGroup = operation({
  name: 'DescribeDatasetGroup',
  service: 'personalize',
  input: DescribeDatasetGroupRequest,
  output: DescribeDatasetGroupResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasetGroups = operation({
  name: 'ListDatasetGroups',
  service: 'personalize',
  input: ListDatasetGroupsRequest,
  output: ListDatasetGroupsResponse,
  errors: ['InvalidNextTokenException'],
  idempotent: true,
});
