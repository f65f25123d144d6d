import { serviceTrainingLimits, type TrainingLimits } from '../learn/training/training.ts';
import type { ThemeEndpoint } from '../serve/themes/theme-endpoint.ts';
import { kinds } from './kinds.ts';

/** Counts and sizes that a person may change; the defaults are the service's own (spec quotas.md §1, §3, §4, §6). */
export type Quotas = TrainingLimits & {
  /** How many resources of a kind there may be, by the name of its quota. */
  readonly [quota: string]: number | undefined;
  readonly tagsPerResource: number;
  /** Bytes of the files of one FULL import job. */
  readonly bytesPerFullImport: number;
  /** Bytes of the files of one INCREMENTAL import job. */
  readonly bytesPerIncrementalImport: number;
  /** Bytes of the files of one data deletion job. */
  readonly deletionBytes: number;
  /** Most fields that one filter may name, each with its dataset. */
  readonly fieldsPerFilter: number;
  /** Most fields that the filters of a dataset group may name together. */
  readonly filterFieldsPerDatasetGroup: number;
  /** Most items that GetRecommendations answers. */
  readonly recommendationsPerRequest: number;
  /** The same where their metadata is wanted. */
  readonly recommendationsWithMetadata: number;
  /** Most actions that GetActionRecommendations answers. */
  readonly actionsPerRequest: number;
  /** Most items that GetPersonalizedRanking takes. */
  readonly itemsPerRanking: number;
  /** The same where their metadata is wanted. */
  readonly itemsPerRankingWithMetadata: number;
  /** Most columns of metadata that a request names. */
  readonly metadataColumnsPerRequest: number;
  /** Most events of a user since the training that answers reflect, the newest; at most 65,535. */
  readonly liveEventsPerUser: number;
  /** Most metrics of a metric attribution. */
  readonly metricsPerMetricAttribution: number;
  /** Most sources that its events are told apart by. */
  readonly attributionSources: number;
  /** Most interactions of a user and event type that filters consider, the newest. */
  readonly interactionsPerEventType: number;
  /** The same of interactions with actions. */
  readonly actionInteractionsPerEventType: number;
  /** Most files that one batch job reads (spec batch.md §1). */
  readonly batchFiles: number;
  /** Most bytes that they have together. */
  readonly batchBytes: number;
  /** Most lines that each has. */
  readonly batchLinesPerFile: number;
  /** Most bytes of a line: a longer one gets an error. */
  readonly batchLineBytes: number;
  /** Most lines of a file where lists get themes. */
  readonly themeLinesPerFile: number;
  /** Most lines of a file of aws-item-affinity. */
  readonly segmentLinesPerFile: number;
  /** Most lines of a file of aws-item-attribute-affinity. */
  readonly attributeSegmentLinesPerFile: number;
  /** Most users that a line of a batch segment job gets. */
  readonly usersPerSegment: number;
};

const kindQuotas = kinds.flatMap(({ quotas = [] }) => quotas.map(({ name, most }) => [name, most] as const));

export const defaultQuotas: Quotas = {
  ...Object.fromEntries(kindQuotas),
  tagsPerResource: 50,
  bytesPerFullImport: 100e9,
  bytesPerIncrementalImport: 1e9,
  deletionBytes: 100e6,
  fieldsPerFilter: 10,
  filterFieldsPerDatasetGroup: 20,
  recommendationsPerRequest: 500,
  recommendationsWithMetadata: 50,
  actionsPerRequest: 100,
  itemsPerRanking: 500,
  itemsPerRankingWithMetadata: 50,
  metadataColumnsPerRequest: 10,
  liveEventsPerUser: 500,
  metricsPerMetricAttribution: 10,
  attributionSources: 100,
  interactionsPerEventType: 100,
  actionInteractionsPerEventType: 300,
  batchFiles: 1000,
  batchBytes: 1e9,
  batchLinesPerFile: 50e6,
  batchLineBytes: 10 * 2 ** 20,
  themeLinesPerFile: 100,
  segmentLinesPerFile: 500,
  attributeSegmentLinesPerFile: 10,
  usersPerSegment: 5e6,
  ...serviceTrainingLimits,
};

export type Settings = {
  readonly quotas: Quotas;
  /** How long the list of an answer is known by its recommendationId, in milliseconds. */
  readonly recommendationIdMs: number;
  /** How often models that are deployed are brought up to date, in milliseconds; 0: never. */
  readonly updateEveryMs: number;
  /** The share of an import's rows that may be bad before it fails, 0 to 1. */
  readonly badRows: number;
  /** Decides the split and every random choice of a training. */
  readonly seed: number;
  /** How many processes of this node work on batch jobs at a time. */
  readonly batchProcesses: number;
  /** A folder with a sentence encoder for texts of metadata; without, texts are known by their words. */
  readonly textEncoder?: string | undefined;
  /** Writes titles of themes; without, the local method does. */
  readonly themeEndpoint?: ThemeEndpoint | undefined;
  /** The execution provider that computes training steps; without, the processor does. */
  readonly provider?: string | undefined;
};
