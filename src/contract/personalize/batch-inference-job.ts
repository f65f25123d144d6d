import { operation } from '../operation.ts';
import { enumeration, list, optional, structure } from '../shape.ts';
import {
  Arn,
  ColumnName,
  FailureReason,
  HyperParameters,
  MaxResults,
  Name,
  NextToken,
  NumBatchResults,
  RankingInfluence,
  RoleArn,
  S3DataConfig,
  Status,
  Tags,
  Timestamp,
} from './common.ts';

const BatchInferenceJobInput = structure({ s3DataSource: S3DataConfig });

const BatchInferenceJobOutput = structure({ s3DataDestination: S3DataConfig });

const BatchInferenceJobConfig = structure({
  itemExplorationConfig: optional(HyperParameters),
  rankingInfluence: optional(RankingInfluence),
});

const BatchInferenceJobMode = enumeration(['BATCH_INFERENCE', 'THEME_GENERATION']);

const FieldsForThemeGeneration = structure({ itemName: ColumnName });

const ThemeGenerationConfig = structure({ fieldsForThemeGeneration: FieldsForThemeGeneration });

const BatchInferenceJob = structure({
  jobName: optional(Name),
  batchInferenceJobArn: optional(Arn),
  filterArn: optional(Arn),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
  numResults: optional(NumBatchResults),
  jobInput: optional(BatchInferenceJobInput),
  jobOutput: optional(BatchInferenceJobOutput),
  batchInferenceJobConfig: optional(BatchInferenceJobConfig),
  roleArn: optional(RoleArn),
  batchInferenceJobMode: optional(BatchInferenceJobMode),
  themeGenerationConfig: optional(ThemeGenerationConfig),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

const BatchInferenceJobSummary = structure({
  batchInferenceJobArn: optional(Arn),
  jobName: optional(Name),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
  solutionVersionArn: optional(Arn),
  batchInferenceJobMode: optional(BatchInferenceJobMode),
});

export const CreateBatchInferenceJob = operation({
  name: 'CreateBatchInferenceJob',
  service: 'personalize',
  input: structure({
    jobName: Name,
    solutionVersionArn: Arn,
    filterArn: optional(Arn),
    numResults: optional(NumBatchResults),
    jobInput: BatchInferenceJobInput,
    jobOutput: BatchInferenceJobOutput,
    roleArn: RoleArn,
    batchInferenceJobConfig: optional(BatchInferenceJobConfig),
    tags: optional(Tags),
    batchInferenceJobMode: optional(BatchInferenceJobMode),
    themeGenerationConfig: optional(ThemeGenerationConfig),
  }),
  output: structure({ batchInferenceJobArn: optional(Arn) }),
  resources: ['solutionVersionArn'],
  creates: 'batch-inference-job',
  refersTo: ['filterArn'],
  passesRole: 'roleArn',
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceNotFoundException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
});

export const DescribeBatchInferenceJob = operation({
  name: 'DescribeBatchInferenceJob',
  service: 'personalize',
  input: structure({ batchInferenceJobArn: Arn }),
  output: structure({ batchInferenceJob: optional(BatchInferenceJob) }),
  resources: ['batchInferenceJobArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListBatchInferenceJobs = operation({
  name: 'ListBatchInferenceJobs',
  service: 'personalize',
  input: structure({
    solutionVersionArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    batchInferenceJobs: optional(list(BatchInferenceJobSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['solutionVersionArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});
