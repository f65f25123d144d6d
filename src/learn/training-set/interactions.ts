import { join } from 'node:path';
import { pathOf } from '../../data/encryption/file-path.ts';
import { type DuckDb, openDuckDb } from '../../data/engine/duckdb.ts';
import type { Progress } from '../../util/progress.ts';
import type { Histories } from '../histories/histories.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import type { RecipeDatasets } from '../recipes/recipe.ts';
import type { TrainingInput } from '../training/training.ts';
import type { CodedColumn, Source } from './columns.ts';
import { checkColumns, checkItems, checkMinimumData, checkVariety } from './minimum-data.ts';
import { createOrderedEvents, createPlan, learnableSources, type TrainingData } from './plan.ts';
import { readHistories, readIds } from './rows.ts';

/** Who interacted with what, as arrays. */
export type Interactions = {
  /** Users with interactions, the one with most first; ties by id. */
  readonly users: Vocabulary;
  /**
   * Items with interactions, the one with most first, ties by id; then those that only the Items dataset knows, by id.
   */
  readonly items: Vocabulary;
  readonly histories: Histories;
};

/** Beyond it, DuckDB spills. */
const memoryBytes = 2 * 2 ** 30;

export function openTrainingData(data: TrainingData): Promise<DuckDb> {
  const { interactions, items, users, actions, actionInteractions, workFolder } = data;
  const files = [interactions, items, users, actions, actionInteractions].flatMap((input) => input?.files ?? []);
  return openDuckDb({ memoryBytes, temporaryFolder: join(pathOf(workFolder), 'duckdb'), files });
}

/** Of a dataset group without interactions. */
const noInteractions: TrainingInput = { schema: { fields: [] }, files: [] };

/**
 * Reads the interactions that train out of the dataset's files: filtered, without duplicates, indexed, ordered by user
 * and time (ties by item). DuckDB does the work within its memory limit and spills into the work folder; only flat
 * arrays arrive here. The tables `users` and `catalogue` stay for as long as the DuckDB.
 *
 * Where the recipe does without interactions, there may be few or none of them.
 *
 * @param columnsOf which of the columns that can be learnt are, and by which codes
 * @throws TrainingError if the data does not suffice or lacks a column that the request filters by
 */
export async function readInteractions(
  duckDb: DuckDb,
  given: TrainingData,
  datasets: RecipeDatasets,
  columnsOf: (sources: readonly Source[]) => Promise<readonly CodedColumn[]>,
  progress: Progress,
): Promise<Interactions> {
  const isRequired = datasets.INTERACTIONS === 'required';
  const isEmpty = !isRequired && (given.interactions?.files.length ?? 0) === 0;
  const data = { ...given, interactions: (isEmpty ? undefined : given.interactions) ?? noInteractions };
  checkColumns(data, isRequired);
  progress.report(0, 'counting interactions');
  const counts = await createPlan(duckDb, data);
  if (isRequired) await checkVariety(duckDb, data, counts);
  progress.report(0.2, 'ordering interactions');
  const columns = await columnsOf(learnableSources(data));
  await createOrderedEvents(duckDb, columns);
  const histories = await readHistories(
    duckDb,
    counts,
    columns.map(({ column }) => column),
    (fraction) => progress.report(0.8 + 0.1 * fraction, 'reading interactions'),
  );
  if (isRequired) await checkMinimumData(duckDb, histories, data, counts);
  else checkItems(counts);
  const users = await readIds(duckDb, 'users', counts.users);
  const items = await readIds(duckDb, 'catalogue', counts.items);
  return { users, items, histories };
}
