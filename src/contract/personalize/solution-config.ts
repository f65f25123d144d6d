import { double, enumeration, list, map, optional, string, structure } from '../shape.ts';
import {
  Arn,
  CategoricalValues,
  ContinuousMaxValue,
  ContinuousMinValue,
  EventType,
  HyperParameters,
  IntegerMaxValue,
  IntegerMinValue,
  MetricName,
  ParameterName,
  ParameterValue,
  TrainingDataConfig,
} from './common.ts';

const AutoMLConfig = structure({
  metricName: optional(MetricName),
  recipeList: optional(list(Arn, { max: 100 })),
});

const SchedulingExpression = string({ min: 1, max: 16, pattern: 'rate\\(\\d+ days?\\)' });

export const AutoTrainingConfig = structure({ schedulingExpression: optional(SchedulingExpression) });

const CategoricalHyperParameterRange = structure({
  name: optional(ParameterName),
  values: optional(CategoricalValues),
});

const ContinuousHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(ContinuousMinValue),
  maxValue: optional(ContinuousMaxValue),
});

const EventTypeThresholdValue = double();
const EventTypeWeight = double({ min: 0, max: 1 });

const EventParameters = structure({
  eventType: optional(EventType),
  eventValueThreshold: optional(EventTypeThresholdValue),
  weight: optional(EventTypeWeight),
});

const EventValueThreshold = string({ max: 256 });

export const EventsConfig = structure({ eventParametersList: optional(list(EventParameters, { max: 10 })) });

const FeatureTransformationParameters = map(ParameterName, ParameterValue, { max: 100 });
const HPOObjectiveType = string({ max: 256 });
const MetricRegex = string({ max: 256 });

const HPOObjective = structure({
  type: optional(HPOObjectiveType),
  metricName: optional(MetricName),
  metricRegex: optional(MetricRegex),
});

const HPOResource = string({ max: 256 });

const HPOResourceConfig = structure({
  maxNumberOfTrainingJobs: optional(HPOResource),
  maxParallelTrainingJobs: optional(HPOResource),
});

const IntegerHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(IntegerMinValue),
  maxValue: optional(IntegerMaxValue),
});

const HyperParameterRanges = structure({
  integerHyperParameterRanges: optional(list(IntegerHyperParameterRange, { max: 100 })),
  continuousHyperParameterRanges: optional(list(ContinuousHyperParameterRange, { max: 100 })),
  categoricalHyperParameterRanges: optional(list(CategoricalHyperParameterRange, { max: 100 })),
});

const HPOConfig = structure({
  hpoObjective: optional(HPOObjective),
  hpoResourceConfig: optional(HPOResourceConfig),
  algorithmHyperParameterRanges: optional(HyperParameterRanges),
});

const ItemAttribute = string({ min: 1, max: 150 });
const ObjectiveSensitivity = enumeration(['LOW', 'MEDIUM', 'HIGH', 'OFF']);

const OptimizationObjective = structure({
  itemAttribute: optional(ItemAttribute),
  objectiveSensitivity: optional(ObjectiveSensitivity),
});

export const SolutionConfig = structure({
  eventValueThreshold: optional(EventValueThreshold),
  hpoConfig: optional(HPOConfig),
  algorithmHyperParameters: optional(HyperParameters),
  featureTransformationParameters: optional(FeatureTransformationParameters),
  autoMLConfig: optional(AutoMLConfig),
  eventsConfig: optional(EventsConfig),
  optimizationObjective: optional(OptimizationObjective),
  trainingDataConfig: optional(TrainingDataConfig),
  autoTrainingConfig: optional(AutoTrainingConfig),
});
