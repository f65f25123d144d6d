import { operation } from '../operation.ts';
import { Empty, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, Domain, MaxResults, Name, NextToken, Timestamp } from './common.ts';

export const AvroSchema = string({ max: 20000 });
export type AvroSchema = Static<typeof AvroSchema>;

export const CreateSchemaRequest = structure({
  name: Name,
  schema: AvroSchema,
  domain: optional(Domain),
});
export type CreateSchemaRequest = Static<typeof CreateSchemaRequest>;

export const CreateSchemaResponse = structure({
  schemaArn: optional(Arn),
});
export type CreateSchemaResponse = Static<typeof CreateSchemaResponse>;

export const DeleteSchemaRequest = structure({
  schemaArn: Arn,
});
export type DeleteSchemaRequest = Static<typeof DeleteSchemaRequest>;

export const DescribeSchemaRequest = structure({
  schemaArn: Arn,
});
export type DescribeSchemaRequest = Static<typeof DescribeSchemaRequest>;

export const DatasetSchema = structure({
  name: optional(Name),
  schemaArn: optional(Arn),
  schema: optional(AvroSchema),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  domain: optional(Domain),
});
export type DatasetSchema = Static<typeof DatasetSchema>;

export const DescribeSchemaResponse = structure({
  schema: optional(DatasetSchema),
});
export type DescribeSchemaResponse = Static<typeof DescribeSchemaResponse>;

export const ListSchemasRequest = structure({
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListSchemasRequest = Static<typeof ListSchemasRequest>;

export const DatasetSchemaSummary = structure({
  name: optional(Name),
  schemaArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  domain: optional(Domain),
});
export type DatasetSchemaSummary = Static<typeof DatasetSchemaSummary>;

export const Schemas = list(DatasetSchemaSummary, { max: 100 });
export type Schemas = Static<typeof Schemas>;

export const ListSchemasResponse = structure({
  schemas: optional(Schemas),
  nextToken: optional(NextToken),
});
export type ListSchemasResponse = Static<typeof ListSchemasResponse>;

export const CreateSchema = operation({
  name: 'CreateSchema',
  service: 'personalize',
  input: CreateSchemaRequest,
  output: CreateSchemaResponse,
  errors: ['InvalidInputException', 'ResourceAlreadyExistsException', 'LimitExceededException'],
  idempotent: true,
});

export const DeleteSchema = operation({
  name: 'DeleteSchema',
  service: 'personalize',
  input: DeleteSchemaRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeSchema = operation({
  name: 'DescribeSchema',
  service: 'personalize',
  input: DescribeSchemaRequest,
  output: DescribeSchemaResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListSchemas = operation({
  name: 'ListSchemas',
  service: 'personalize',
  input: ListSchemasRequest,
  output: ListSchemasResponse,
  errors: ['InvalidNextTokenException'],
  idempotent: true,
});
