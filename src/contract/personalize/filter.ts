import { operation } from '../operation.ts';
import { Empty, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, FailureReason, MaxResults, Name, NextToken, Status, Tags, Timestamp } from './common.ts';

export const FilterExpression = string({ min: 1, max: 2500, sensitive: true });
export type FilterExpression = Static<typeof FilterExpression>;

export const CreateFilterRequest = structure({
  name: Name,
  datasetGroupArn: Arn,
  filterExpression: FilterExpression,
  tags: optional(Tags),
});
export type CreateFilterRequest = Static<typeof CreateFilterRequest>;

export const CreateFilterResponse = structure({
  filterArn: optional(Arn),
});
export type CreateFilterResponse = Static<typeof CreateFilterResponse>;

export const DeleteFilterRequest = structure({
  filterArn: Arn,
});
export type DeleteFilterRequest = Static<typeof DeleteFilterRequest>;

export const DescribeFilterRequest = structure({
  filterArn: Arn,
});
export type DescribeFilterRequest = Static<typeof DescribeFilterRequest>;

export const Filter = structure({
  name: optional(Name),
  filterArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  datasetGroupArn: optional(Arn),
  failureReason: optional(FailureReason),
  filterExpression: optional(FilterExpression),
  status: optional(Status),
});
export type Filter = Static<typeof Filter>;

export const DescribeFilterResponse = structure({
  filter: optional(Filter),
});
export type DescribeFilterResponse = Static<typeof DescribeFilterResponse>;

export const ListFiltersRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListFiltersRequest = Static<typeof ListFiltersRequest>;

export const FilterSummary = structure({
  name: optional(Name),
  filterArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  datasetGroupArn: optional(Arn),
  failureReason: optional(FailureReason),
  status: optional(Status),
});
export type FilterSummary = Static<typeof FilterSummary>;

export const Filters = list(FilterSummary, { max: 100 });
export type Filters = Static<typeof Filters>;

export const ListFiltersResponse = structure({
  Filters: optional(Filters),
  nextToken: optional(NextToken),
});
export type ListFiltersResponse = Static<typeof ListFiltersResponse>;

export const CreateFilter = operation({
  name: 'CreateFilter',
  service: 'personalize',
  input: CreateFilterRequest,
  output: CreateFilterResponse,
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'TooManyTagsException',
  ],
});

export const DeleteFilter = operation({
  name: 'DeleteFilter',
  service: 'personalize',
  input: DeleteFilterRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

export const DescribeFilter = operation({
  name: 'DescribeFilter',
  service: 'personalize',
  input: DescribeFilterRequest,
  output: DescribeFilterResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListFilters = operation({
  name: 'ListFilters',
  service: 'personalize',
  input: ListFiltersRequest,
  output: ListFiltersResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
