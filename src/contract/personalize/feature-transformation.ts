import { operation } from '../operation.ts';
import { map, optional, structure } from '../shape.ts';
import { Arn, Name, ParameterName, ParameterValue, Status, Timestamp } from './common.ts';

const FeaturizationParameters = map(ParameterName, ParameterValue, { max: 100 });

const FeatureTransformation = structure({
  name: optional(Name),
  featureTransformationArn: optional(Arn),
  defaultParameters: optional(FeaturizationParameters),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  status: optional(Status),
});

export const DescribeFeatureTransformation = operation({
  name: 'DescribeFeatureTransformation',
  service: 'personalize',
  input: structure({ featureTransformationArn: Arn }),
  output: structure({ featureTransformation: optional(FeatureTransformation) }),
  resources: ['featureTransformationArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
