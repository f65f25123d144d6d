import { personalizeArn } from '../arn.ts';
import { double, enumeration, integer, list, map, optional, string, structure, timestamp } from '../shape.ts';

export const Arn = string({ max: 256, ...personalizeArn });
export const MetricName = string({ max: 256 });
export const ParameterName = string({ max: 256 });
const CategoricalValue = string({ max: 1000 });
export const CategoricalValues = list(CategoricalValue, { max: 100 });
export const ColumnName = string({ max: 150, pattern: '[A-Za-z_][A-Za-z\\d_]*' });
const ColumnNamesList = list(ColumnName, { max: 50 });
export const ContinuousMinValue = double({ min: -1000000 });
export const ContinuousMaxValue = double({ min: -1000000 });
const S3Location = string({ max: 256, pattern: '(s3|http|https)://.+' });

export const DataSource = structure({ dataLocation: optional(S3Location) });

export const DatasetType = string({ max: 256, pattern: '^[A-Za-z_]+$' });
export const Timestamp = timestamp();
export const Domain = enumeration(['ECOMMERCE', 'VIDEO_ON_DEMAND']);
export const EventType = string({ max: 256 });
const ExcludedDatasetColumns = map(DatasetType, ColumnNamesList, { max: 3 });
export const FailureReason = string();
export const ParameterValue = string({ max: 1000 });
export const IntegerMinValue = integer({ min: -1000000 });
export const IntegerMaxValue = integer({ max: 1000000 });
export const HyperParameters = map(ParameterName, ParameterValue, { max: 100 });
const IncludedDatasetColumns = map(DatasetType, ColumnNamesList, { max: 3 });

export const KmsKeyArn = string({
  max: 2048,
  pattern: 'arn:aws.*:kms:.*:[0-9]{12}:key/.*',
  linear: 'arn:aws(?:(?!:kms:).)*:kms:.*:[0-9]{12}:key/.*',
});

export const MaxResults = integer({ min: 1, max: 100 });
const MetricValue = double();
export const Metrics = map(MetricName, MetricValue, { max: 100 });
export const Name = string({ min: 1, max: 63, pattern: '^[a-zA-Z0-9][a-zA-Z0-9\\-_]*' });
export const NextToken = string({ max: 1500, pattern: '\\p{ASCII}{0,1500}' });
export const NumBatchResults = integer();
const RankingInfluenceType = enumeration(['POPULARITY', 'FRESHNESS']);
const RankingInfluenceWeight = double({ min: 0, max: 1 });
export const RankingInfluence = map(RankingInfluenceType, RankingInfluenceWeight);
export const RoleArn = string({ max: 256, pattern: 'arn:([a-z\\d-]+):iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+' });

export const S3DataConfig = structure({
  path: S3Location,
  kmsKeyArn: optional(KmsKeyArn),
});

export const TrainingDataConfig = structure({
  excludedDatasetColumns: optional(ExcludedDatasetColumns),
  includedDatasetColumns: optional(IncludedDatasetColumns),
});

export const Status = string({ max: 256 });
export const TrainingMode = enumeration(['FULL', 'UPDATE', 'AUTOTRAIN']);
export const TrainingType = enumeration(['AUTOMATIC', 'MANUAL']);

export const SolutionVersionSummary = structure({
  solutionVersionArn: optional(Arn),
  status: optional(Status),
  trainingMode: optional(TrainingMode),
  trainingType: optional(TrainingType),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

export const TagKey = string({ min: 1, max: 128, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', sensitive: true });
const TagValue = string({ min: 0, max: 256, pattern: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', sensitive: true });

const Tag = structure({
  tagKey: TagKey,
  tagValue: TagValue,
});

export const Tags = list(Tag, { min: 0, max: 200 });
export const TrackingId = string({ max: 256 });
export const TransactionsPerSecond = integer({ min: 1 });
