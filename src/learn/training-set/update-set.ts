import type { FilePath } from '../../data/encryption/file-path.ts';
import type { DuckDb } from '../../data/engine/duckdb.ts';
import { parquetFile } from '../../data/engine/parquet-files.ts';
import type { Progress, ReportFraction } from '../../util/progress.ts';
import type { Features, FittedColumn, Metadata } from '../features/column.ts';
import { encode, type FeatureEncoder } from '../features/encoder.ts';
import type { LearnedFeatures } from '../features/learn-features.ts';
import type { InteractionColumn } from '../histories/interaction-columns.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import type { RecipeDatasets, UseCase } from '../recipes/recipe.ts';
import { TrainingError } from '../training/training.ts';
import type { CodedColumn, Source } from './columns.ts';
import { type Interactions, openTrainingData, readInteractions } from './interactions.ts';
import { readMetadata } from './metadata.ts';
import type { TrainingData } from './plan.ts';
import { encodeTexts } from './texts.ts';
import { withUseCaseEvents } from './use-case-events.ts';

/** What a model reads data by. */
export type KnownItems = {
  readonly datasets: RecipeDatasets;
  readonly useCase?: UseCase | undefined;
  readonly columns: readonly InteractionColumn[];
  readonly items: Vocabulary;
  /** A Parquet file of the items' ids, in the column `ID`. */
  readonly itemsFile: FilePath;
  readonly itemEncoder: FeatureEncoder | undefined;
  readonly userEncoder: FeatureEncoder | undefined;
};

/** What there is now, as a model of some time ago reads it. */
export type UpdateSet = Interactions & {
  /** The index that each item has in the model; −1 for a new one. */
  readonly formerIndexes: Int32Array;
  /** Of the new items, in their order. */
  readonly newItemFeatures: Features | undefined;
  readonly userFeatures: LearnedFeatures | undefined;
};

/**
 * As `buildTrainingSet`, but nothing about the data is found out again. @throws TrainingError also if a
 * column is missing
 */
export async function buildUpdateSet(given: TrainingData, known: KnownItems, progress: Progress): Promise<UpdateSet> {
  const data = withUseCaseEvents(given, known.useCase);
  using duckDb = await openTrainingData(data);
  await duckDb.use([known.itemsFile]);
  const read = await readInteractions(
    duckDb,
    data,
    known.datasets,
    async (sources) => knownColumns(known, sources),
    progress,
  );
  const reportMetadata: ReportFraction = (fraction) => progress.report(0.9 + 0.1 * fraction, 'reading metadata');
  reportMetadata(0);
  const formerIndexes = Int32Array.from(read.items, (id) => known.items.indexOf(id));
  return {
    ...read,
    formerIndexes,
    newItemFeatures: formerIndexes.includes(-1) ? await featuresOfNew(duckDb, data, known, reportMetadata) : undefined,
    userFeatures: await featuresOfUsers(duckDb, data, known),
  };
}

function knownColumns({ columns }: KnownItems, sources: readonly Source[]): CodedColumn[] {
  return columns.map((column) => {
    const isText = column.kind === 'categorical';
    const source = sources.find(({ field }) => field.name === column.name && (field.type === 'string') === isText);
    if (source) return { column, source };
    throw new TrainingError(
      `The interactions have no column ${column.name} any more, which the model reads. Create a solution version with trainingMode FULL.`,
    );
  });
}

async function featuresOfNew(
  duckDb: DuckDb,
  data: TrainingData,
  { itemEncoder, itemsFile }: KnownItems,
  progress: ReportFraction,
): Promise<Features | undefined> {
  if (itemEncoder === undefined) return undefined;
  await duckDb.run(
    `CREATE TABLE newcomers AS
     SELECT id, index FROM catalogue ANTI JOIN ${parquetFile(itemsFile)} AS known ON known.ID = catalogue.id`,
  );
  const metadata = await readMetadata(duckDb, 'newcomers', 'ITEM_ID', data.items);
  if (metadata === undefined) return undefined;
  const hasVectors = itemEncoder.columns.some(({ kind }) => kind === 'vector');
  return await encode(
    itemEncoder,
    inColumns(itemEncoder.columns, hasVectors ? await encodeTexts(metadata, data, progress) : metadata),
  );
}

async function featuresOfUsers(
  duckDb: DuckDb,
  { users }: TrainingData,
  { userEncoder }: KnownItems,
): Promise<LearnedFeatures | undefined> {
  const metadata = userEncoder && (await readMetadata(duckDb, 'users', 'USER_ID', users));
  if (!metadata) return undefined;
  return { ...(await encode(userEncoder, inColumns(userEncoder.columns, metadata))), encoder: userEncoder };
}

/** The metadata in these columns; one that is not there, or of another kind, says nothing. */
function inColumns(columns: readonly FittedColumn[], metadata: Metadata): Metadata {
  const positions = columns.map(({ name, kind }) =>
    metadata.columns.findIndex((column) => column.name === name && column.kind === kind),
  );
  return {
    columns,
    rowCount: metadata.rowCount,
    async *rows(every) {
      for await (const cells of metadata.rows(every)) yield positions.map((position) => cells[position] ?? null);
    },
  };
}
