import { personalizeArn } from '../arn-pattern.ts';
import {
  boolean,
  double,
  enumeration,
  integer,
  list,
  map,
  optional,
  type Static,
  string,
  structure,
  timestamp,
} from '../shape.ts';

export const Arn = string({ max: 256, ...personalizeArn });
export type Arn = Static<typeof Arn>;

export const ArnList = list(Arn, { max: 100 });
export type ArnList = Static<typeof ArnList>;

export const MetricName = string({ max: 256 });
export type MetricName = Static<typeof MetricName>;

export const AutoMLConfig = structure({
  metricName: optional(MetricName),
  recipeList: optional(ArnList),
});
export type AutoMLConfig = Static<typeof AutoMLConfig>;

export const SchedulingExpression = string({ min: 1, max: 16, pattern: 'rate\\(\\d+ days?\\)' });
export type SchedulingExpression = Static<typeof SchedulingExpression>;

export const AutoTrainingConfig = structure({
  schedulingExpression: optional(SchedulingExpression),
});
export type AutoTrainingConfig = Static<typeof AutoTrainingConfig>;

export const ParameterName = string({ max: 256 });
export type ParameterName = Static<typeof ParameterName>;

export const CategoricalValue = string({ max: 1000 });
export type CategoricalValue = Static<typeof CategoricalValue>;

export const CategoricalValues = list(CategoricalValue, { max: 100 });
export type CategoricalValues = Static<typeof CategoricalValues>;

export const CategoricalHyperParameterRange = structure({
  name: optional(ParameterName),
  values: optional(CategoricalValues),
});
export type CategoricalHyperParameterRange = Static<typeof CategoricalHyperParameterRange>;

export const CategoricalHyperParameterRanges = list(CategoricalHyperParameterRange, { max: 100 });
export type CategoricalHyperParameterRanges = Static<typeof CategoricalHyperParameterRanges>;

export const ColumnName = string({ max: 150, pattern: '[A-Za-z_][A-Za-z\\d_]*' });
export type ColumnName = Static<typeof ColumnName>;

export const ColumnNamesList = list(ColumnName, { max: 50 });
export type ColumnNamesList = Static<typeof ColumnNamesList>;

export const ContinuousMinValue = double({ min: -1000000 });
export type ContinuousMinValue = Static<typeof ContinuousMinValue>;

export const ContinuousMaxValue = double({ min: -1000000 });
export type ContinuousMaxValue = Static<typeof ContinuousMaxValue>;

export const ContinuousHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(ContinuousMinValue),
  maxValue: optional(ContinuousMaxValue),
});
export type ContinuousHyperParameterRange = Static<typeof ContinuousHyperParameterRange>;

export const ContinuousHyperParameterRanges = list(ContinuousHyperParameterRange, { max: 100 });
export type ContinuousHyperParameterRanges = Static<typeof ContinuousHyperParameterRanges>;

export const S3Location = string({ max: 256, pattern: '(s3|http|https)://.+' });
export type S3Location = Static<typeof S3Location>;

export const DataSource = structure({
  dataLocation: optional(S3Location),
});
export type DataSource = Static<typeof DataSource>;

export const DatasetType = string({ max: 256, pattern: '^[A-Za-z_]+$' });
export type DatasetType = Static<typeof DatasetType>;

export const Timestamp = timestamp();
export type Timestamp = Static<typeof Timestamp>;

export const Domain = enumeration(['ECOMMERCE', 'VIDEO_ON_DEMAND']);
export type Domain = Static<typeof Domain>;

export const EventType = string({ max: 256 });
export type EventType = Static<typeof EventType>;

export const EventTypeThresholdValue = double();
export type EventTypeThresholdValue = Static<typeof EventTypeThresholdValue>;

export const EventTypeWeight = double({ min: 0, max: 1 });
export type EventTypeWeight = Static<typeof EventTypeWeight>;

export const EventParameters = structure({
  eventType: optional(EventType),
  eventValueThreshold: optional(EventTypeThresholdValue),
  weight: optional(EventTypeWeight),
});
export type EventParameters = Static<typeof EventParameters>;

export const EventParametersList = list(EventParameters, { max: 10 });
export type EventParametersList = Static<typeof EventParametersList>;

export const EventValueThreshold = string({ max: 256 });
export type EventValueThreshold = Static<typeof EventValueThreshold>;

export const EventsConfig = structure({
  eventParametersList: optional(EventParametersList),
});
export type EventsConfig = Static<typeof EventsConfig>;

export const ExcludedDatasetColumns = map(DatasetType, ColumnNamesList, { max: 3 });
export type ExcludedDatasetColumns = Static<typeof ExcludedDatasetColumns>;

export const FailureReason = string();
export type FailureReason = Static<typeof FailureReason>;

export const ParameterValue = string({ max: 1000 });
export type ParameterValue = Static<typeof ParameterValue>;

export const FeatureTransformationParameters = map(ParameterName, ParameterValue, { max: 100 });
export type FeatureTransformationParameters = Static<typeof FeatureTransformationParameters>;

export const HPOObjectiveType = string({ max: 256 });
export type HPOObjectiveType = Static<typeof HPOObjectiveType>;

export const MetricRegex = string({ max: 256 });
export type MetricRegex = Static<typeof MetricRegex>;

export const HPOObjective = structure({
  type: optional(HPOObjectiveType),
  metricName: optional(MetricName),
  metricRegex: optional(MetricRegex),
});
export type HPOObjective = Static<typeof HPOObjective>;

export const HPOResource = string({ max: 256 });
export type HPOResource = Static<typeof HPOResource>;

export const HPOResourceConfig = structure({
  maxNumberOfTrainingJobs: optional(HPOResource),
  maxParallelTrainingJobs: optional(HPOResource),
});
export type HPOResourceConfig = Static<typeof HPOResourceConfig>;

export const IntegerMinValue = integer({ min: -1000000 });
export type IntegerMinValue = Static<typeof IntegerMinValue>;

export const IntegerMaxValue = integer({ max: 1000000 });
export type IntegerMaxValue = Static<typeof IntegerMaxValue>;

export const IntegerHyperParameterRange = structure({
  name: optional(ParameterName),
  minValue: optional(IntegerMinValue),
  maxValue: optional(IntegerMaxValue),
});
export type IntegerHyperParameterRange = Static<typeof IntegerHyperParameterRange>;

export const IntegerHyperParameterRanges = list(IntegerHyperParameterRange, { max: 100 });
export type IntegerHyperParameterRanges = Static<typeof IntegerHyperParameterRanges>;

export const HyperParameterRanges = structure({
  integerHyperParameterRanges: optional(IntegerHyperParameterRanges),
  continuousHyperParameterRanges: optional(ContinuousHyperParameterRanges),
  categoricalHyperParameterRanges: optional(CategoricalHyperParameterRanges),
});
export type HyperParameterRanges = Static<typeof HyperParameterRanges>;

export const HPOConfig = structure({
  hpoObjective: optional(HPOObjective),
  hpoResourceConfig: optional(HPOResourceConfig),
  algorithmHyperParameterRanges: optional(HyperParameterRanges),
});
export type HPOConfig = Static<typeof HPOConfig>;

export const HyperParameters = map(ParameterName, ParameterValue, { max: 100 });
export type HyperParameters = Static<typeof HyperParameters>;

export const IncludedDatasetColumns = map(DatasetType, ColumnNamesList, { max: 3 });
export type IncludedDatasetColumns = Static<typeof IncludedDatasetColumns>;

export const ItemAttribute = string({ min: 1, max: 150 });
export type ItemAttribute = Static<typeof ItemAttribute>;

export const KmsKeyArn = string({
  max: 2048,
  pattern: 'arn:aws.*:kms:.*:[0-9]{12}:key/.*',
  linear: 'arn:aws(?:(?!:kms:).)*:kms:.*:[0-9]{12}:key/.*',
});
export type KmsKeyArn = Static<typeof KmsKeyArn>;

export const MaxResults = integer({ min: 1, max: 100 });
export type MaxResults = Static<typeof MaxResults>;

export const MetricValue = double();
export type MetricValue = Static<typeof MetricValue>;

export const Metrics = map(MetricName, MetricValue, { max: 100 });
export type Metrics = Static<typeof Metrics>;

export const Name = string({ min: 1, max: 63, pattern: '^[a-zA-Z0-9][a-zA-Z0-9\\-_]*' });
export type Name = Static<typeof Name>;

export const NextToken = string({ max: 1500, pattern: '\\p{ASCII}{0,1500}' });
export type NextToken = Static<typeof NextToken>;

export const NumBatchResults = integer();
export type NumBatchResults = Static<typeof NumBatchResults>;

export const ObjectiveSensitivity = enumeration(['LOW', 'MEDIUM', 'HIGH', 'OFF']);
export type ObjectiveSensitivity = Static<typeof ObjectiveSensitivity>;

export const OptimizationObjective = structure({
  itemAttribute: optional(ItemAttribute),
  objectiveSensitivity: optional(ObjectiveSensitivity),
});
export type OptimizationObjective = Static<typeof OptimizationObjective>;

export const PerformAutoML = boolean();
export type PerformAutoML = Static<typeof PerformAutoML>;

export const PerformHPO = boolean();
export type PerformHPO = Static<typeof PerformHPO>;

export const PerformIncrementalUpdate = boolean();
export type PerformIncrementalUpdate = Static<typeof PerformIncrementalUpdate>;

export const RankingInfluenceType = enumeration(['POPULARITY', 'FRESHNESS']);
export type RankingInfluenceType = Static<typeof RankingInfluenceType>;

export const RankingInfluenceWeight = double({ min: 0, max: 1 });
export type RankingInfluenceWeight = Static<typeof RankingInfluenceWeight>;

export const RankingInfluence = map(RankingInfluenceType, RankingInfluenceWeight);
export type RankingInfluence = Static<typeof RankingInfluence>;

export const RoleArn = string({ max: 256, pattern: 'arn:([a-z\\d-]+):iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+' });
export type RoleArn = Static<typeof RoleArn>;

export const S3DataConfig = structure({
  path: S3Location,
  kmsKeyArn: optional(KmsKeyArn),
});
export type S3DataConfig = Static<typeof S3DataConfig>;

export const TrainingDataConfig = structure({
  excludedDatasetColumns: optional(ExcludedDatasetColumns),
  includedDatasetColumns: optional(IncludedDatasetColumns),
});
export type TrainingDataConfig = Static<typeof TrainingDataConfig>;

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
export type SolutionConfig = Static<typeof SolutionConfig>;

export const Status = string({ max: 256 });
export type Status = Static<typeof Status>;

export const TrainingMode = enumeration(['FULL', 'UPDATE', 'AUTOTRAIN']);
export type TrainingMode = Static<typeof TrainingMode>;

export const TrainingType = enumeration(['AUTOMATIC', 'MANUAL']);
export type TrainingType = Static<typeof TrainingType>;

export const SolutionVersionSummary = structure({
  solutionVersionArn: optional(Arn),
  status: optional(Status),
  trainingMode: optional(TrainingMode),
  trainingType: optional(TrainingType),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type SolutionVersionSummary = Static<typeof SolutionVersionSummary>;

export const TagKey = string({ min: 1, max: 128, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', sensitive: true });
export type TagKey = Static<typeof TagKey>;

export const TagValue = string({ min: 0, max: 256, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', sensitive: true });
export type TagValue = Static<typeof TagValue>;

export const Tag = structure({
  tagKey: TagKey,
  tagValue: TagValue,
});
export type Tag = Static<typeof Tag>;

export const Tags = list(Tag, { min: 0, max: 200 });
export type Tags = Static<typeof Tags>;

export const TrackingId = string({ max: 256 });
export type TrackingId = Static<typeof TrackingId>;

export const TransactionsPerSecond = integer({ min: 1 });
export type TransactionsPerSecond = Static<typeof TransactionsPerSecond>;
