import type { Watch } from '../../data/watch.ts';
import { type LearnedFeatures, learnFeatures } from '../features/learn-features.ts';
import { readColumns } from './columns.ts';
import { type Interactions, openTrainingData, readInteractions } from './interactions.ts';
import { readMetadata } from './metadata.ts';
import type { TrainingData } from './plan.ts';
import { encodeTexts } from './texts.ts';

/** What recipes learn from. */
export type TrainingSet = Interactions & {
  /** What the Items and Users datasets say of these, in their order, where there is anything to learn from. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
};

/**
 * Reads what trains out of the datasets' files, and finds out what of the metadata is worth telling.
 *
 * @throws TrainingError if the data does not suffice or lacks a column that the request filters by
 */
export async function buildTrainingSet(data: TrainingData, watch: Watch): Promise<TrainingSet> {
  using duckDb = await openTrainingData(data);
  const read = await readInteractions(duckDb, data, (sources) => readColumns(duckDb, sources), watch);
  watch.progress(0.9, 'reading metadata');
  const itemMetadata = await readMetadata(duckDb, 'catalogue', 'ITEM_ID', data.items);
  const itemFeatures = await learnFeatures(itemMetadata && (await encodeTexts(itemMetadata, data)));
  const userFeatures = await learnFeatures(await readMetadata(duckDb, 'users', 'USER_ID', data.users));
  return { ...read, itemFeatures, userFeatures };
}
