import { type DatasetType, datasetTypes } from '../../data/dataset-types.ts';
import { compactedThrough, datasetFiles, type ListedFile } from '../../data/manifest.ts';
import type { Recipe } from '../../learn/recipes/recipe.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import type { Queryable } from '../resources/resource-store.ts';

/**
 * What the datasets of a group hold, by type, as texts that differ when data has come or gone: the newest file of an
 * import, and the position in the record log of the last streamed record.
 */
export type DataState = { readonly [Type in DatasetType]?: string };

/** What is in these files of a dataset, to be compared later. */
export const stateOfFiles = (files: readonly ListedFile[], through = compactedThrough(files)): string =>
  `${files.findLast((file) => file.through === null)?.key ?? ''} ${through}`;

/** What a group's datasets hold now, records that are in no file yet among it. */
export async function presentState(db: Queryable, datasetGroupArn: string): Promise<DataState> {
  const datasets = await db
    .selectFrom('resources')
    .select('arn')
    .where('parent', '=', datasetGroupArn)
    .where('kind', '=', datasetKind.name)
    .execute();
  const states = await Promise.all(
    datasets.map(async ({ arn }) => {
      const files = await datasetFiles(db, arn);
      const through = Math.max(compactedThrough(files), await lastRecord(db, arn));
      return [arn.slice(arn.lastIndexOf('/') + 1), stateOfFiles(files, through)] as const;
    }),
  );
  return Object.fromEntries(states);
}

/** Place in the record log of the newest record of a dataset; 0 if there is none. */
async function lastRecord(db: Queryable, datasetArn: string): Promise<number> {
  const row = await db
    .selectFrom('record_log')
    .select('position')
    .where('dataset_arn', '=', datasetArn)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.position ?? 0;
}

/** A dataset that nothing has come into. */
const empty = stateOfFiles([]);

/**
 * Whether there is what a recipe cannot do without (interactions, or else items), and some, or interactions with
 * actions, have come in or been replaced between two states.
 */
export const hasNewToTrain = (recipe: Pick<Recipe, 'datasets'>, before: DataState, now: DataState): boolean =>
  hasEnough(recipe, now) && [mainDataset(recipe), ...eventsRead(recipe)].some((type) => differIn(before, now, type));

/** Whether there is what a recipe cannot do without, and anything has of what it reads. */
export const hasNewData = (recipe: Pick<Recipe, 'datasets'>, before: DataState, now: DataState): boolean =>
  hasEnough(recipe, now) && datasetTypes.some((type) => recipe.datasets[type] && differIn(before, now, type));

const eventsRead = ({ datasets }: Pick<Recipe, 'datasets'>): DatasetType[] =>
  datasets.ACTION_INTERACTIONS ? ['ACTION_INTERACTIONS'] : [];

/** The dataset may be gone, or empty. */
const hasEnough = (recipe: Pick<Recipe, 'datasets'>, state: DataState) => differIn({}, state, mainDataset(recipe));

const mainDataset = ({ datasets }: Pick<Recipe, 'datasets'>): DatasetType =>
  datasets.INTERACTIONS === 'required' ? 'INTERACTIONS' : 'ITEMS';

const differIn = (before: DataState, now: DataState, type: DatasetType) =>
  (now[type] ?? empty) !== (before[type] ?? empty);
