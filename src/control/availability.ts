import { invalidInput } from '../contract/errors.ts';
import type { OperationName } from '../contract/operations.ts';

/** The operations of the contract that have no handler yet. The type checker wants each operation here or in `dispatch.ts`. */
export const unavailableOperations = [
  'CreateBatchInferenceJob',
  'DescribeBatchInferenceJob',
  'ListBatchInferenceJobs',
  'CreateBatchSegmentJob',
  'DescribeBatchSegmentJob',
  'ListBatchSegmentJobs',
  'CreateDataDeletionJob',
  'DescribeDataDeletionJob',
  'ListDataDeletionJobs',
  'CreateDatasetExportJob',
  'DescribeDatasetExportJob',
  'ListDatasetExportJobs',
  'CreateFilter',
  'DeleteFilter',
  'DescribeFilter',
  'ListFilters',
  'CreateMetricAttribution',
  'DeleteMetricAttribution',
  'DescribeMetricAttribution',
  'ListMetricAttributionMetrics',
  'ListMetricAttributions',
  'UpdateMetricAttribution',
  'CreateRecommender',
  'DeleteRecommender',
  'DescribeRecommender',
  'ListRecommenders',
  'StartRecommender',
  'StopRecommender',
  'UpdateRecommender',
  'PutActionInteractions',
  'PutActions',
  'GetActionRecommendations',
] as const satisfies readonly OperationName[];

export type UnavailableOperation = (typeof unavailableOperations)[number];

/** The refusal of something that the service has and this version has not. */
export const unavailable = (what: string) =>
  invalidInput(`${what} is not available in this version of OpenPersonalize.`);

/** Refuses a request that explicitly asks for features not built yet, naming the first: keys name them, values say if asked for. */
export function refuseUnavailable(asked: { readonly [feature: string]: boolean }): void {
  const feature = Object.keys(asked).find((name) => asked[name]);
  if (feature !== undefined) throw unavailable(feature);
}
