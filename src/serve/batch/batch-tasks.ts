import type { Field } from '../../data/dataset-schema.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';
import type { PinnedFile } from '../../data/pinned-snapshot.ts';
import type { EventCondition } from '../../data/views/live/event-condition.ts';
import type { RankingInfluence } from '../../learn/model/model.ts';
import type { Filter } from '../filters/filter.ts';
import type { ThemeTask } from '../themes/themes.ts';

/** The lines of an input file whose first byte lies within a range of its bytes. */
export type LineRange = {
  /** Its position in the job, six digits: by it the output is put together, and named. */
  readonly name: string;
  /** The position of the input file in the job, from 0. */
  readonly file: number;
  /** The input file on this machine. */
  readonly path: string;
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
};

/** What every task on lines has. All of it goes as JSON. */
export type LinesTask = {
  /** In the order in which they are worked on. */
  readonly ranges: readonly LineRange[];
  /**
   * An empty folder for outputs until they are taken away, with the key of the prefix that they go to where that is
   * sealed (`prefixKey`).
   */
  readonly folder: FilePath;
  /** For what does not fit into memory; the caller removes it. */
  readonly temporaryFolder: string;
  /** A model folder. */
  readonly model: FilePath;
  /** Results of a line at most. */
  readonly count: number;
  /** When the job started, in milliseconds since the epoch: all attempts and nodes go by this clock. */
  readonly startedAt: number;
  /** Decides, with the position of a line, what is random about it. */
  readonly seed: number;
  readonly limits: {
    /** A longer line is an error. */
    readonly lineBytes: number;
  };
  readonly filter?: BatchFilter | undefined;
};

/** A dataset as it was when the job started (`pinDataset`): Parquet files, oldest first, with what the log held. */
export type DatasetFiles = {
  readonly schema: { readonly fields: readonly Field[] };
  readonly files: readonly PinnedFile[];
};

/** A dataset of events, and how much of it is held in memory. */
export type EventFiles = DatasetFiles & {
  /** Most events of a user (of a user and type, for a filter): the newest. */
  readonly limit: number;
  /** Sessions without a user that had an event since then are remembered: milliseconds since the epoch. */
  readonly sessionsSince: number;
};

/** A filter, and of the datasets that it reads those that the dataset group has. */
export type BatchFilter = {
  /** As checked. */
  readonly filter: Filter;
  readonly items?: DatasetFiles | undefined;
  readonly users?: DatasetFiles | undefined;
  readonly interactions?: EventFiles | undefined;
};

/** What users have done that the model has not seen. */
export type BatchHistories = EventFiles & {
  /** The model's watermark: the position of the record log up to which it was trained. */
  readonly after: number;
  /** Events that count for the model meet one of these; where there are none, all do. */
  readonly events: readonly EventCondition[];
};

/** How new items are explored. */
export type BatchExploration = {
  /** The chance of each position to be explored, above 0. */
  readonly rate: number;
  readonly itemAgeSeconds: number;
  readonly interactions: DatasetFiles;
  readonly items?: DatasetFiles | undefined;
};

export type InferenceTask = LinesTask & {
  readonly limits: LinesTask['limits'] & {
    /** Most items of an `itemList`. */
    readonly itemsToRank: number;
  };
  /** Of recipes whose answers depend on what users do; for the others, and without streamed events, undefined. */
  readonly histories?: BatchHistories | undefined;
  readonly exploration?: BatchExploration | undefined;
  /** Whether answers say why items are there (`managedExploration` of the recipe). */
  readonly givesReasons?: boolean | undefined;
  readonly influence?: RankingInfluence | undefined;
  /** Where lists get themes, and in the order of how well their items fit these. */
  readonly themes?: ThemeTask | undefined;
};

/** What the child process of a batch job does. */
export type BatchTasks = {
  /** Recommends or ranks items for each line. */
  infer: { readonly input: InferenceTask; readonly result: null };
  /** Finds the users for each line. */
  segment: { readonly input: LinesTask; readonly result: null };
};

/**
 * The name under which the output of a range is offered and kept: with it the plan knows that the range is done, how
 * many lines it has and how many of them failed.
 */
export const partName = (range: string, lines: number, failed: number): string => `${range}.${lines}.${failed}.jsonl`;

/** A part by its name; undefined for any other name. */
export function partOf(
  name: string,
): { readonly range: string; readonly lines: number; readonly failed: number } | undefined {
  const [, range, lines, failed] = /^(\d{6})\.(\d+)\.(\d+)\.jsonl$/.exec(name) ?? [];
  return range === undefined ? undefined : { range, lines: Number(lines), failed: Number(failed) };
}
