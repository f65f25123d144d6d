import { join } from 'node:path';
import { openDuckDb } from '../../data/duckdb.ts';
import type { Watch } from '../../data/watch.ts';
import type { Metadata } from '../features/column.ts';
import { type LearnedFeatures, learnFeatures } from '../features/learn-features.ts';
import { openSentenceEncoder } from '../features/sentence-encoder.ts';
import { withSentences } from '../features/sentences.ts';
import type { Histories } from '../histories.ts';
import { TrainingError } from '../training.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { readColumns } from './columns.ts';
import { readMetadata } from './metadata.ts';
import { checkColumns, checkMinimumData, checkVariety } from './minimum-data.ts';
import { createOrderedEvents, createPlan, learnableSources, type TrainingData } from './plan.ts';
import { readHistories, readIds } from './rows.ts';

/** Interactions as recipes learn from them. */
export type TrainingSet = {
  /** Users with interactions, the one with most first; ties by id. */
  readonly users: Vocabulary;
  /** Items with interactions, the one with most first, ties by id; then those that only the Items dataset knows, by id. */
  readonly items: Vocabulary;
  readonly histories: Histories;
  /** What the Items and Users datasets say of these, in their order, where there is anything to learn from. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
};

/** Beyond it, DuckDB spills. */
const memoryBytes = 2 * 2 ** 30;

/**
 * Reads what trains out of the datasets' files: filtered, without duplicates, indexed, ordered by user and time (ties by
 * item). DuckDB does the work within its memory limit and spills into the work folder; only flat arrays arrive here.
 *
 * @throws TrainingError if the data does not suffice or lacks a column that the request filters by
 */
export async function buildTrainingSet(data: TrainingData, watch: Watch): Promise<TrainingSet> {
  checkColumns(data);
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder: join(data.workFolder, 'duckdb') });
  watch.progress(0, 'counting interactions');
  const counts = await createPlan(duckDb.connection, data);
  checkVariety(data, counts);
  watch.progress(0.2, 'ordering interactions');
  const columns = await readColumns(duckDb.connection, learnableSources(data));
  await createOrderedEvents(duckDb.connection, columns);
  const histories = await readHistories(
    duckDb.connection,
    counts,
    columns.map(({ column }) => column),
    (fraction) => watch.progress(0.8 + 0.1 * fraction, 'reading interactions'),
  );
  checkMinimumData(histories, data);
  watch.progress(0.9, 'reading metadata');
  const itemMetadata = await readMetadata(duckDb.connection, 'catalogue', 'ITEM_ID', data.items);
  const itemFeatures = await learnFeatures(itemMetadata && (await encodeTexts(itemMetadata, data)));
  const userFeatures = await learnFeatures(await readMetadata(duckDb.connection, 'users', 'USER_ID', data.users));
  return {
    users: await readIds(duckDb.connection, 'users'),
    items: await readIds(duckDb.connection, 'catalogue'),
    histories,
    itemFeatures,
    userFeatures,
  };
}

/** The metadata with vectors for texts, where a folder with a sentence encoder is given. */
async function encodeTexts(metadata: Metadata, { textEncoder, workFolder }: TrainingData): Promise<Metadata> {
  if (textEncoder === undefined || metadata.columns.every(({ kind }) => kind !== 'textual')) return metadata;
  const encoder = await openSentenceEncoder(textEncoder).catch((error: Error) => {
    throw new TrainingError(`Create failed. ${error.message}`, { cause: error });
  });
  try {
    return await withSentences(metadata, encoder, workFolder);
  } finally {
    await encoder.release();
  }
}
