import { operation } from '../operation.ts';
import { boolean, list, map, optional, string, structure } from '../shape.ts';
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

const DockerURI = string({ max: 256 });

const AlgorithmImage = structure({
  name: optional(Name),
  dockerURI: DockerURI,
});

const DefaultIntegerHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(IntegerMinValue),
  maxValue: optional(IntegerMaxValue),
  isTunable: optional(boolean()),
});

const DefaultContinuousHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(ContinuousMinValue),
  maxValue: optional(ContinuousMaxValue),
  isTunable: optional(boolean()),
});

const DefaultCategoricalHyperParameterRange = structure({
  name: optional(ParameterName),
  values: optional(CategoricalValues),
  isTunable: optional(boolean()),
});

const DefaultHyperParameterRanges = structure({
  integerHyperParameterRanges: optional(list(DefaultIntegerHyperParameterRange, { max: 100 })),
  continuousHyperParameterRanges: optional(list(DefaultContinuousHyperParameterRange, { max: 100 })),
  categoricalHyperParameterRanges: optional(list(DefaultCategoricalHyperParameterRange, { max: 100 })),
});

const ResourceConfig = map(ParameterName, ParameterValue, { max: 100 });
const TrainingInputMode = string({ max: 256 });

const Algorithm = structure({
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

export const DescribeAlgorithm = operation({
  name: 'DescribeAlgorithm',
  service: 'personalize',
  input: structure({ algorithmArn: Arn }),
  output: structure({ algorithm: optional(Algorithm) }),
  resources: ['algorithmArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});
