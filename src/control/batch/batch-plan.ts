import { text } from 'node:stream/consumers';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import type { PinnedFile } from '../../data/pinned-snapshot.ts';
import type {
  BatchExploration,
  BatchFilter,
  BatchHistories,
  EventFiles,
  InferenceTask,
} from '../../serve/batch/batch-tasks.ts';
import type { ThemeTask } from '../../serve/themes/themes.ts';

/** A dataset that lines need, as it was when the job started. The paths of its files are keys in the server's store. */
export type PlannedDataset = { readonly schema: DatasetSchema; readonly files: readonly PinnedFile[] };

export type PlannedData = {
  readonly interactions?: PlannedDataset | undefined;
  readonly items?: PlannedDataset | undefined;
  readonly users?: PlannedDataset | undefined;
};

type WithoutFiles<Data> = Omit<Data, 'schema' | 'files' | 'interactions' | 'items' | 'users'>;

/** What a line is answered from and how, without the data itself. */
export type PlannedAnswers = Pick<
  InferenceTask,
  'count' | 'startedAt' | 'seed' | 'limits' | 'givesReasons' | 'influence'
> & {
  readonly histories?: WithoutFiles<BatchHistories> | undefined;
  readonly exploration?: WithoutFiles<BatchExploration> | undefined;
  /** The rest of their settings are those of the node. */
  readonly themes?: Pick<ThemeTask, 'itemName' | 'columns'> | undefined;
  readonly filter?:
    | (WithoutFiles<BatchFilter> & { readonly events?: WithoutFiles<EventFiles> | undefined })
    | undefined;
};

/** An input file: its key in the bucket of the input, and that of its output in the bucket of the output. */
export type PlannedFile = { readonly key: string; readonly bytes: number; readonly output: string };

/** The lines of a file that begin in a range of its bytes; `end` is exclusive. */
export type PlannedRange = { readonly file: number; readonly begin: number; readonly end: number };

/** All that workers know of a job, so that every attempt on every node does the same. */
export type BatchPlan = {
  readonly files: readonly PlannedFile[];
  /** In the order of the files; the position of a range names it. */
  readonly ranges: readonly PlannedRange[];
  /** The ranges of each share: from the first up to, and without, the second. */
  readonly shares: readonly (readonly [number, number])[];
  /** Prefix of the model in the store. */
  readonly model: string;
  readonly data: PlannedData;
  readonly answers: PlannedAnswers;
};

/** The name of a range, six digits, for its position. */
export const rangeName = (position: number): string => String(position).padStart(6, '0');

/** Prefix of the outputs of ranges of a job whose work is at `work`. */
export const partsPrefix = (work: string): string => `${work}parts/`;

const planKey = (work: string) => `${work}plan.json`;

export const writePlan = (store: ObjectStore, work: string, plan: BatchPlan): Promise<void> =>
  store.write(planKey(work), JSON.stringify(plan));

/** Undefined where there is none: a restored backup has jobs, and not what they were about to do. */
export async function readPlan(store: ObjectStore, work: string): Promise<BatchPlan | undefined> {
  if ((await store.head(planKey(work))) === undefined) return undefined;
  return JSON.parse(await text(await store.read(planKey(work))));
}
