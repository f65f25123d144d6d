import { operation } from '../operation.ts';
import { Empty, list, optional, string, structure } from '../shape.ts';
import { Arn, Domain, MaxResults, Name, NextToken, Timestamp } from './common.ts';

const AvroSchema = string({ max: 20000 });

const DatasetSchema = structure({
  name: optional(Name),
  schemaArn: optional(Arn),
  schema: optional(AvroSchema),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  domain: optional(Domain),
});

const DatasetSchemaSummary = structure({
  name: optional(Name),
  schemaArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  domain: optional(Domain),
});

export const CreateSchema = operation({
  name: 'CreateSchema',
  service: 'personalize',
  input: structure({
    name: Name,
    schema: AvroSchema,
    domain: optional(Domain),
  }),
  output: structure({ schemaArn: optional(Arn) }),
  resources: [],
  creates: 'schema',
  errors: ['InvalidInputException', 'ResourceAlreadyExistsException', 'LimitExceededException'],
  idempotent: true,
});

export const DeleteSchema = operation({
  name: 'DeleteSchema',
  service: 'personalize',
  input: structure({ schemaArn: Arn }),
  output: Empty,
  resources: ['schemaArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeSchema = operation({
  name: 'DescribeSchema',
  service: 'personalize',
  input: structure({ schemaArn: Arn }),
  output: structure({ schema: optional(DatasetSchema) }),
  resources: ['schemaArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListSchemas = operation({
  name: 'ListSchemas',
  service: 'personalize',
  input: structure({
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    schemas: optional(list(DatasetSchemaSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  errors: ['InvalidNextTokenException'],
  idempotent: true,
});
