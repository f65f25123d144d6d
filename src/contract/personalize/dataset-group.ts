import { operation } from '../operation.ts';
import { Empty, list, optional, structure } from '../shape.ts';
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

const DatasetGroup = structure({
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

const DatasetGroupSummary = structure({
  name: optional(Name),
  datasetGroupArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  domain: optional(Domain),
});

export const CreateDatasetGroup = operation({
  name: 'CreateDatasetGroup',
  service: 'personalize',
  input: structure({
    name: Name,
    roleArn: optional(RoleArn),
    kmsKeyArn: optional(KmsKeyArn),
    domain: optional(Domain),
    tags: optional(Tags),
  }),
  output: structure({
    datasetGroupArn: optional(Arn),
    domain: optional(Domain),
  }),
  resources: [],
  creates: 'dataset-group',
  passesRole: 'roleArn',
  errors: ['InvalidInputException', 'ResourceAlreadyExistsException', 'LimitExceededException', 'TooManyTagsException'],
});

export const DeleteDatasetGroup = operation({
  name: 'DeleteDatasetGroup',
  service: 'personalize',
  input: structure({ datasetGroupArn: Arn }),
  output: Empty,
  resources: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeDatasetGroup = operation({
  name: 'DescribeDatasetGroup',
  service: 'personalize',
  input: structure({ datasetGroupArn: Arn }),
  output: structure({ datasetGroup: optional(DatasetGroup) }),
  resources: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListDatasetGroups = operation({
  name: 'ListDatasetGroups',
  service: 'personalize',
  input: structure({
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    datasetGroups: optional(list(DatasetGroupSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  errors: ['InvalidNextTokenException'],
  idempotent: true,
});
