import { operation } from '../operation.ts';
import { Empty, list, optional, string, structure } from '../shape.ts';
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

const MetricExpression = string({ max: 256 });

const MetricAttribute = structure({
  eventType: EventType,
  metricName: MetricName,
  expression: MetricExpression,
});

const MetricAttributes = list(MetricAttribute, { max: 10 });

const MetricAttributionOutput = structure({
  s3DataDestination: optional(S3DataConfig),
  roleArn: RoleArn,
});

const MetricAttribution = structure({
  name: optional(Name),
  metricAttributionArn: optional(Arn),
  datasetGroupArn: optional(Arn),
  metricsOutputConfig: optional(MetricAttributionOutput),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

const MetricAttributionSummary = structure({
  name: optional(Name),
  metricAttributionArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

export const CreateMetricAttribution = operation({
  name: 'CreateMetricAttribution',
  service: 'personalize',
  input: structure({
    name: Name,
    datasetGroupArn: Arn,
    metrics: MetricAttributes,
    metricsOutputConfig: MetricAttributionOutput,
  }),
  output: structure({ metricAttributionArn: optional(Arn) }),
  resources: ['datasetGroupArn'],
  creates: 'metric-attribution',
  passesRole: 'metricsOutputConfig.roleArn',
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
  input: structure({ metricAttributionArn: Arn }),
  output: Empty,
  resources: ['metricAttributionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeMetricAttribution = operation({
  name: 'DescribeMetricAttribution',
  service: 'personalize',
  input: structure({ metricAttributionArn: Arn }),
  output: structure({ metricAttribution: optional(MetricAttribution) }),
  resources: ['metricAttributionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
});

export const ListMetricAttributionMetrics = operation({
  name: 'ListMetricAttributionMetrics',
  service: 'personalize',
  input: structure({
    metricAttributionArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    metrics: optional(MetricAttributes),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['metricAttributionArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const ListMetricAttributions = operation({
  name: 'ListMetricAttributions',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    metricAttributions: optional(list(MetricAttributionSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateMetricAttribution = operation({
  name: 'UpdateMetricAttribution',
  service: 'personalize',
  input: structure({
    addMetrics: optional(MetricAttributes),
    removeMetrics: optional(list(MetricName, { max: 10 })),
    metricsOutputConfig: optional(MetricAttributionOutput),
    metricAttributionArn: optional(Arn),
  }),
  output: structure({ metricAttributionArn: optional(Arn) }),
  resources: ['metricAttributionArn'],
  passesRole: 'metricsOutputConfig.roleArn',
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'ResourceAlreadyExistsException',
  ],
});
