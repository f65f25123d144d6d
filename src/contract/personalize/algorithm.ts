import { operation } from '../operation.ts';
import { boolean, list, map, optional, type Static, string, structure } from '../shape.ts';
import {
  Arn,
  CategoricalValues,
  ContinuousMaxValue,
  ContinuousMinValue,
  HyperParameters,
  IntegerMaxValue,
  IntegerMinValue,
  Name,
  ParameterName,
  ParameterValue,
  Timestamp,
} from './common.ts';

export const DescribeAlgorithmRequest = structure({
  algorithmArn: Arn,
});
export type DescribeAlgorithmRequest = Static<typeof DescribeAlgorithmRequest>;

export const DockerURI = string({ max: 256 });
export type DockerURI = Static<typeof DockerURI>;

export const AlgorithmImage = structure({
  name: optional(Name),
  dockerURI: DockerURI,
});
export type AlgorithmImage = Static<typeof AlgorithmImage>;

export const Tunable = boolean();
export type Tunable = Static<typeof Tunable>;

export const DefaultIntegerHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(IntegerMinValue),
  maxValue: optional(IntegerMaxValue),
  isTunable: optional(Tunable),
});
export type DefaultIntegerHyperParameterRange = Static<typeof DefaultIntegerHyperParameterRange>;

export const DefaultIntegerHyperParameterRanges = list(DefaultIntegerHyperParameterRange, { max: 100 });
export type DefaultIntegerHyperParameterRanges = Static<typeof DefaultIntegerHyperParameterRanges>;

export const DefaultContinuousHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(ContinuousMinValue),
  maxValue: optional(ContinuousMaxValue),
  isTunable: optional(Tunable),
});
export type DefaultContinuousHyperParameterRange = Static<typeof DefaultContinuousHyperParameterRange>;

export const DefaultContinuousHyperParameterRanges = list(DefaultContinuousHyperParameterRange, { max: 100 });
export type DefaultContinuousHyperParameterRanges = Static<typeof DefaultContinuousHyperParameterRanges>;

export const DefaultCategoricalHyperParameterRange = structure({
  name: optional(ParameterName),
  values: optional(CategoricalValues),
  isTunable: optional(Tunable),
});
export type DefaultCategoricalHyperParameterRange = Static<typeof DefaultCategoricalHyperParameterRange>;

export const DefaultCategoricalHyperParameterRanges = list(DefaultCategoricalHyperParameterRange, { max: 100 });
export type DefaultCategoricalHyperParameterRanges = Static<typeof DefaultCategoricalHyperParameterRanges>;

export const DefaultHyperParameterRanges = structure({
  integerHyperParameterRanges: optional(DefaultIntegerHyperParameterRanges),
  continuousHyperParameterRanges: optional(DefaultContinuousHyperParameterRanges),
  categoricalHyperParameterRanges: optional(DefaultCategoricalHyperParameterRanges),
});
export type DefaultHyperParameterRanges = Static<typeof DefaultHyperParameterRanges>;

export const ResourceConfig = map(ParameterName, ParameterValue, { max: 100 });
export type ResourceConfig = Static<typeof ResourceConfig>;

export const TrainingInputMode = string({ max: 256 });
export type TrainingInputMode = Static<typeof TrainingInputMode>;

export const Algorithm = structure({
  name: optional(Name),
  algorithmArn: optional(Arn),
  algorithmImage: optional(AlgorithmImage),
  defaultHyperParameters: optional(HyperParameters),
  defaultHyperParameterRanges: optional(DefaultHyperParameterRanges),
  defaultResourceConfig: optional(ResourceConfig),
  trainingInputMode: optional(TrainingInputMode),
  roleArn: optional(Arn),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type Algorithm = Static<typeof Algorithm>;

export const DescribeAlgorithmResponse = structure({
  algorithm: optional(Algorithm),
});
export type DescribeAlgorithmResponse = Static<typeof DescribeAlgorithmResponse>;

export const DescribeAlgorithm = operation({
  name: 'DescribeAlgorithm',
  service: 'personalize',
  input: DescribeAlgorithmRequest,
  output: DescribeAlgorithmResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
