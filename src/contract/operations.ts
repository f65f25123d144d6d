import type { Operation } from './operation.ts';
import { DescribeAlgorithm } from './personalize/algorithm.ts';
import {
  CreateBatchInferenceJob,
  DescribeBatchInferenceJob,
  ListBatchInferenceJobs,
} from './personalize/batch-inference-job.ts';
import {
  CreateBatchSegmentJob,
  DescribeBatchSegmentJob,
  ListBatchSegmentJobs,
} from './personalize/batch-segment-job.ts';
import {
  CreateCampaign,
  DeleteCampaign,
  DescribeCampaign,
  ListCampaigns,
  UpdateCampaign,
} from './personalize/campaign.ts';
import {
  CreateDataDeletionJob,
  DescribeDataDeletionJob,
  ListDataDeletionJobs,
} from './personalize/data-deletion-job.ts';
import { CreateDataset, DeleteDataset, DescribeDataset, ListDatasets, UpdateDataset } from './personalize/dataset.ts';
import {
  CreateDatasetExportJob,
  DescribeDatasetExportJob,
  ListDatasetExportJobs,
} from './personalize/dataset-export-job.ts';
import {
  CreateDatasetGroup,
  DeleteDatasetGroup,
  DescribeDatasetGroup,
  ListDatasetGroups,
} from './personalize/dataset-group.ts';
import {
  CreateDatasetImportJob,
  DescribeDatasetImportJob,
  ListDatasetImportJobs,
} from './personalize/dataset-import-job.ts';
import {
  CreateEventTracker,
  DeleteEventTracker,
  DescribeEventTracker,
  ListEventTrackers,
} from './personalize/event-tracker.ts';
import { DescribeFeatureTransformation } from './personalize/feature-transformation.ts';
import { CreateFilter, DeleteFilter, DescribeFilter, ListFilters } from './personalize/filter.ts';
import {
  CreateMetricAttribution,
  DeleteMetricAttribution,
  DescribeMetricAttribution,
  ListMetricAttributionMetrics,
  ListMetricAttributions,
  UpdateMetricAttribution,
} from './personalize/metric-attribution.ts';
import { DescribeRecipe, ListRecipes } from './personalize/recipe.ts';
import {
  CreateRecommender,
  DeleteRecommender,
  DescribeRecommender,
  ListRecommenders,
  StartRecommender,
  StopRecommender,
  UpdateRecommender,
} from './personalize/recommender.ts';
import { CreateSchema, DeleteSchema, DescribeSchema, ListSchemas } from './personalize/schema.ts';
import {
  CreateSolution,
  DeleteSolution,
  DescribeSolution,
  ListSolutions,
  UpdateSolution,
} from './personalize/solution.ts';
import {
  CreateSolutionVersion,
  DescribeSolutionVersion,
  GetSolutionMetrics,
  ListSolutionVersions,
  StopSolutionVersionCreation,
} from './personalize/solution-version.ts';
import { ListTagsForResource, TagResource, UntagResource } from './personalize/tag.ts';
import { PutActionInteractions } from './personalize-events/action-interactions.ts';
import { PutActions } from './personalize-events/actions.ts';
import { PutEvents } from './personalize-events/events.ts';
import { PutItems } from './personalize-events/items.ts';
import { PutUsers } from './personalize-events/users.ts';
import { GetActionRecommendations } from './personalize-runtime/action-recommendations.ts';
import { GetPersonalizedRanking, GetRecommendations } from './personalize-runtime/recommendations.ts';
import type { Static } from './shape.ts';

/** Every operation of the three services, by name. */
export const operations = {
  DescribeAlgorithm,
  CreateBatchInferenceJob,
  DescribeBatchInferenceJob,
  ListBatchInferenceJobs,
  CreateBatchSegmentJob,
  DescribeBatchSegmentJob,
  ListBatchSegmentJobs,
  CreateCampaign,
  DeleteCampaign,
  DescribeCampaign,
  ListCampaigns,
  UpdateCampaign,
  CreateDataDeletionJob,
  DescribeDataDeletionJob,
  ListDataDeletionJobs,
  CreateDataset,
  DeleteDataset,
  DescribeDataset,
  ListDatasets,
  UpdateDataset,
  CreateDatasetExportJob,
  DescribeDatasetExportJob,
  ListDatasetExportJobs,
  CreateDatasetGroup,
  DeleteDatasetGroup,
  DescribeDatasetGroup,
  ListDatasetGroups,
  CreateDatasetImportJob,
  DescribeDatasetImportJob,
  ListDatasetImportJobs,
  CreateEventTracker,
  DeleteEventTracker,
  DescribeEventTracker,
  ListEventTrackers,
  DescribeFeatureTransformation,
  CreateFilter,
  DeleteFilter,
  DescribeFilter,
  ListFilters,
  CreateMetricAttribution,
  DeleteMetricAttribution,
  DescribeMetricAttribution,
  ListMetricAttributionMetrics,
  ListMetricAttributions,
  UpdateMetricAttribution,
  DescribeRecipe,
  ListRecipes,
  CreateRecommender,
  DeleteRecommender,
  DescribeRecommender,
  ListRecommenders,
  StartRecommender,
  StopRecommender,
  UpdateRecommender,
  CreateSchema,
  DeleteSchema,
  DescribeSchema,
  ListSchemas,
  CreateSolution,
  DeleteSolution,
  DescribeSolution,
  ListSolutions,
  UpdateSolution,
  CreateSolutionVersion,
  DescribeSolutionVersion,
  GetSolutionMetrics,
  ListSolutionVersions,
  StopSolutionVersionCreation,
  ListTagsForResource,
  TagResource,
  UntagResource,
  PutActionInteractions,
  PutActions,
  PutEvents,
  PutItems,
  PutUsers,
  GetActionRecommendations,
  GetPersonalizedRanking,
  GetRecommendations,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** What a caller sends to an operation, after validation. */
export type Input<O extends OperationName> = Static<(typeof operations)[O]['input']>;

/** What an operation answers. */
export type Output<O extends OperationName> = Static<(typeof operations)[O]['output']>;
