import { operation } from '../operation.ts';
import { Empty, list, optional, type Static, string, structure } from '../shape.ts';
import {
  Arn,
  EventType,
  FailureReason,
  MaxResults,
  MetricName,
  Name,
  NextToken,
  RoleArn,
  S3DataConfig,
  Status,
  Timestamp,
} from './common.ts';

export const MetricExpression = string({ max: 256 });
export type MetricExpression = Static<typeof MetricExpression>;

export const MetricAttribute = structure({
  eventType: EventType,
  metricName: MetricName,
  expression: MetricExpression,
});
export type MetricAttribute = Static<typeof MetricAttribute>;

export const MetricAttributes = list(MetricAttribute, { max: 10 });
export type MetricAttributes = Static<typeof MetricAttributes>;

export const MetricAttributionOutput = structure({
  s3DataDestination: optional(S3DataConfig),
  roleArn: RoleArn,
});
export type MetricAttributionOutput = Static<typeof MetricAttributionOutput>;

export const CreateMetricAttributionRequest = structure({
  name: Name,
  datasetGroupArn: Arn,
  metrics: MetricAttributes,
  metricsOutputConfig: MetricAttributionOutput,
});
export type CreateMetricAttributionRequest = Static<typeof CreateMetricAttributionRequest>;

export const CreateMetricAttributionResponse = structure({
  metricAttributionArn: optional(Arn),
});
export type CreateMetricAttributionResponse = Static<typeof CreateMetricAttributionResponse>;

export const DeleteMetricAttributionRequest = structure({
  metricAttributionArn: Arn,
});
export type DeleteMetricAttributionRequest = Static<typeof DeleteMetricAttributionRequest>;

export const DescribeMetricAttributionRequest = structure({
  metricAttributionArn: Arn,
});
export type DescribeMetricAttributionRequest = Static<typeof DescribeMetricAttributionRequest>;

export const MetricAttribution = structure({
  name: optional(Name),
  metricAttributionArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  metricsOutputConfig: optional(MetricAttributionOutput),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type MetricAttribution = Static<typeof MetricAttribution>;

export const DescribeMetricAttributionResponse = structure({
  metricAttribution: optional(MetricAttribution),
});
export type DescribeMetricAttributionResponse = Static<typeof DescribeMetricAttributionResponse>;

export const ListMetricAttributionMetricsRequest = structure({
  metricAttributionArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListMetricAttributionMetricsRequest = Static<typeof ListMetricAttributionMetricsRequest>;

export const ListMetricAttributionMetricsResponse = structure({
  metrics: optional(MetricAttributes),
  nextToken: optional(NextToken),
});
export type ListMetricAttributionMetricsResponse = Static<typeof ListMetricAttributionMetricsResponse>;

export const ListMetricAttributionsRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListMetricAttributionsRequest = Static<typeof ListMetricAttributionsRequest>;

export const MetricAttributionSummary = structure({
  name: optional(Name),
  metricAttributionArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type MetricAttributionSummary = Static<typeof MetricAttributionSummary>;

export const MetricAttributions = list(MetricAttributionSummary, { max: 100 });
export type MetricAttributions = Static<typeof MetricAttributions>;

export const ListMetricAttributionsResponse = structure({
  metricAttributions: optional(MetricAttributions),
  nextToken: optional(NextToken),
});
export type ListMetricAttributionsResponse = Static<typeof ListMetricAttributionsResponse>;

export const MetricAttributesNamesList = list(MetricName, { max: 10 });
export type MetricAttributesNamesList = Static<typeof MetricAttributesNamesList>;

export const UpdateMetricAttributionRequest = structure({
  addMetrics: optional(MetricAttributes),
  removeMetrics: optional(MetricAttributesNamesList),
  metricsOutputConfig: optional(MetricAttributionOutput),
  metricAttributionArn: optional(Arn),
});
export type UpdateMetricAttributionRequest = Static<typeof UpdateMetricAttributionRequest>;

export const UpdateMetricAttributionResponse = structure({
  metricAttributionArn: optional(Arn),
});
export type UpdateMetricAttributionResponse = Static<typeof UpdateMetricAttributionResponse>;

export const CreateMetricAttribution = operation({
  name: 'CreateMetricAttribution',
  service: 'personalize',
  input: CreateMetricAttributionRequest,
  output: CreateMetricAttributionResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceAlreadyExistsException',
    'ResourceInUseException',
    'LimitExceededException',
  ],
});

export const DeleteMetricAttribution = operation({
  name: 'DeleteMetricAttribution',
  service: 'personalize',
  input: DeleteMetricAttributionRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeMetricAttribution = operation({
  name: 'DescribeMetricAttribution',
  service: 'personalize',
  input: DescribeMetricAttributionRequest,
  output: DescribeMetricAttributionResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
});

export const ListMetricAttributionMetrics = operation({
  name: 'ListMetricAttributionMetrics',
  service: 'personalize',
  input: ListMetricAttributionMetricsRequest,
  output: ListMetricAttributionMetricsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const ListMetricAttributions = operation({
  name: 'ListMetricAttributions',
  service: 'personalize',
  input: ListMetricAttributionsRequest,
  output: ListMetricAttributionsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateMetricAttribution = operation({
  name: 'UpdateMetricAttribution',
  service: 'personalize',
  input: UpdateMetricAttributionRequest,
  output: UpdateMetricAttributionResponse,
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'ResourceAlreadyExistsException',
  ],
});
