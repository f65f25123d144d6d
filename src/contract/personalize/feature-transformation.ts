import { operation } from '../operation.ts';
import { map, optional, type Static, structure } from '../shape.ts';
import { Arn, Name, ParameterName, ParameterValue, Status, Timestamp } from './common.ts';

export const DescribeFeatureTransformationRequest = structure({
  featureTransformationArn: Arn,
});
export type DescribeFeatureTransformationRequest = Static<typeof DescribeFeatureTransformationRequest>;

export const FeaturizationParameters = map(ParameterName, ParameterValue, { max: 100 });
export type FeaturizationParameters = Static<typeof FeaturizationParameters>;

export const FeatureTransformation = structure({
  name: optional(Name),
  featureTransformationArn: optional(Arn),
  defaultParameters: optional(FeaturizationParameters),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  status: optional(Status),
});
export type FeatureTransformation = Static<typeof FeatureTransformation>;

export const DescribeFeatureTransformationResponse = structure({
  featureTransformation: optional(FeatureTransformation),
});
export type DescribeFeatureTransformationResponse = Static<typeof DescribeFeatureTransformationResponse>;

export const DescribeFeatureTransformation = operation({
  name: 'DescribeFeatureTransformation',
  service: 'personalize',
  input: DescribeFeatureTransformationRequest,
  output: DescribeFeatureTransformationResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
