import { operation } from '../operation.ts';
import { Empty, list, optional, string, structure } from '../shape.ts';
import { Arn, FailureReason, MaxResults, Name, NextToken, Status, Tags, Timestamp } from './common.ts';

const FilterExpression = string({ min: 1, max: 2500, sensitive: true });

const Filter = structure({
  name: optional(Name),
  filterArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  datasetGroupArn: optional(Arn),
  failureReason: optional(FailureReason),
  filterExpression: optional(FilterExpression),
  status: optional(Status),
});

const FilterSummary = structure({
  name: optional(Name),
  filterArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  datasetGroupArn: optional(Arn),
  failureReason: optional(FailureReason),
  status: optional(Status),
});

export const CreateFilter = operation({
  name: 'CreateFilter',
  service: 'personalize',
  input: structure({
    name: Name,
    datasetGroupArn: Arn,
    filterExpression: FilterExpression,
    tags: optional(Tags),
  }),
  output: structure({ filterArn: optional(Arn) }),
  resources: ['datasetGroupArn'],
  creates: 'filter',
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
  input: structure({ filterArn: Arn }),
  output: Empty,
  resources: ['filterArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

export const DescribeFilter = operation({
  name: 'DescribeFilter',
  service: 'personalize',
  input: structure({ filterArn: Arn }),
  output: structure({ filter: optional(Filter) }),
  resources: ['filterArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListFilters = operation({
  name: 'ListFilters',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    Filters: optional(list(FilterSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
