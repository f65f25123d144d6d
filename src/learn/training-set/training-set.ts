import type { DuckDb } from '../../data/engine/duckdb.ts';
import { type Progress, subProgress } from '../../util/progress.ts';
import type { Metadata } from '../features/column.ts';
import { type LearnedFeatures, learnFeatures } from '../features/learn-features.ts';
import type { ActionData } from '../histories/action-data.ts';
import { type Recipe, usualDatasets } from '../recipes/recipe.ts';
import { readActions } from './actions.ts';
import { readColumns } from './columns.ts';
import { type Interactions, openTrainingData, readInteractions } from './interactions.ts';
import { readItemColumns, readMetadata } from './metadata.ts';
import { requireFields } from './needed-fields.ts';
import type { TrainingData } from './plan.ts';
import { encodeTexts } from './texts.ts';
import { withUseCaseEvents } from './use-case-events.ts';

/** What recipes learn from. */
export type TrainingSet = Interactions & {
  /** What the Items and Users datasets say of these, in their order, where there is anything to learn from. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
  /** The columns of the items that a recipe reads as they are, until the set is disposed of. */
  readonly itemMetadata?: Metadata | undefined;
  /** For recipes that read actions. */
  readonly actions?: ActionData | undefined;
};

/** What a recipe wants to learn from. */
export type LearningNeeds = Pick<Recipe, 'datasets' | 'neededFields' | 'usesMetadata' | 'itemColumn' | 'useCase'>;

const usualNeeds: LearningNeeds = { datasets: usualDatasets, usesMetadata: true };

/** How far the work has come when each step begins: metadata can take longer than all interactions. */
const stage = { texts: 0.3, itemFeatures: 0.6, userFeatures: 0.8 } as const;

/**
 * Reads what trains out of the datasets' files, and finds the part of the metadata that says something.
 *
 * @throws TrainingError if the data does not suffice or lacks a column that the request filters by or the recipe needs
 */
export async function buildTrainingSet(
  given: TrainingData,
  progress: Progress,
  needs: LearningNeeds = usualNeeds,
): Promise<TrainingSet & Disposable> {
  const data = withUseCaseEvents(given, needs.useCase);
  requireFields(needs.neededFields ?? [], data);
  using open = new DisposableStack();
  const duckDb = open.use(await openTrainingData(data));
  const read = await readInteractions(
    duckDb,
    data,
    needs.datasets,
    (sources) => readColumns(duckDb, sources),
    subProgress(progress, 0, stage.texts),
  );
  const actions = needs.datasets.ACTIONS
    ? await readActions(duckDb, data, read.users.size, (note) => progress.report(stage.texts, note))
    : undefined;
  const features = needs.usesMetadata ? await readFeatures(duckDb, data, progress) : {};
  if (!needs.itemColumn) return { ...read, ...features, actions, [Symbol.dispose]() {} };
  const itemMetadata = await readItemColumns(duckDb, data.items, needs.itemColumn);
  const held = open.move();
  return { ...read, ...features, actions, itemMetadata, [Symbol.dispose]: () => held.dispose() };
}

async function readFeatures(
  duckDb: DuckDb,
  data: TrainingData,
  progress: Progress,
): Promise<Pick<TrainingSet, 'itemFeatures' | 'userFeatures'>> {
  const during = (note: string, from: number, to: number) => (fraction: number) =>
    progress.report(from + (to - from) * fraction, note);
  progress.report(stage.texts, 'reading metadata of items');
  const items = await readMetadata(duckDb, 'catalogue', 'ITEM_ID', data.items);
  const texts = during('encoding texts of items', stage.texts, stage.itemFeatures);
  const encoded = items && (await encodeTexts(items, data, texts));
  const ofItems = during('learning features of items', stage.itemFeatures, stage.userFeatures);
  const itemFeatures = await learnFeatures(encoded, ofItems);
  progress.report(stage.userFeatures, 'reading metadata of users');
  const users = await readMetadata(duckDb, 'users', 'USER_ID', data.users);
  const userFeatures = await learnFeatures(users, during('learning features of users', stage.userFeatures, 1));
  return { itemFeatures, userFeatures };
}
