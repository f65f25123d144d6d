import type { FilePath } from '../../../data/encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName } from '../../../data/engine/duckdb.ts';
import { columnsIn, orderedRows, parquetFile } from '../../../data/engine/parquet-files.ts';
import type { FeatureColumn } from '../../features/column.ts';
import { valueIn } from '../../training-set/metadata.ts';
import { creationColumn, digestInSql, joinedText } from './item-texts.ts';

/** An item as the dataset describes it now; its time is NaN without one. */
export type DescribedItem = { readonly id: string; readonly text: string; readonly time: number };

export type ChangedItemsRequest = {
  /** Parquet files of the Items dataset, oldest first. */
  readonly files: readonly FilePath[];
  /** The column ID of it has the items of the model, in their order. */
  readonly knownItems: FilePath;
  /** By item of the model. */
  readonly digests: Uint32Array;
  /** Names of the columns of text that trained. */
  readonly columns: readonly string[];
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;

/** The items whose texts are not those of the training, and new ones. DuckDB compares, within its memory limit. */
export async function* changedItems(request: ChangedItemsRequest): AsyncGenerator<DescribedItem> {
  const { files, knownItems, digests, temporaryFolder, signal } = request;
  if (files.length === 0) return;
  const allFiles = [...files, knownItems];
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files: allFiles });
  const count = await createRecords(duckDb, request);
  const texts = request.columns.map((_, n) => `text_${n}`);
  const query = `SELECT id, index, ${digestInSql(texts)}, time, ${texts.join(', ')} FROM records LEFT JOIN known USING (id)`;
  for await (const chunk of duckDb.stream(query, count, signal)) {
    const [ids, indexes, found, times] = [0, 1, 2, 3].map((column) => chunk.getColumnVector(column));
    const values = texts.map((_, n) => chunk.getColumnVector(4 + n));
    for (let row = 0; row < chunk.rowCount; row++) {
      const index = indexes.getItem(row);
      if (index !== null && digests[Number(index)] === found.getItem(row)) continue;
      const time = times.getItem(row);
      yield {
        id: String(ids.getItem(row)),
        text: joinedText(values.map((column) => String(column.getItem(row) ?? ''))),
        time: time === null ? Number.NaN : Number(time),
      };
    }
  }
}

/** Creates the tables `known` (id, index) and `records` (id, time, texts). @returns how many rows the latter has */
async function createRecords(
  duckDb: DuckDb,
  { files, knownItems, columns, signal }: ChangedItemsRequest,
): Promise<number> {
  const known = `SELECT ID AS id, (row_number() OVER () - 1)::UINTEGER AS index FROM ${parquetFile(knownItems)}`;
  await duckDb.run(`CREATE TABLE known AS ${known}`, signal);
  const present = await columnsIn(duckDb, files);
  const valueIf = (column: FeatureColumn) => (present.has(column.name) ? valueIn(column) : 'NULL');
  const texts = columns.map((name, n) => `${valueIf({ name, kind: 'textual' })} AS text_${n}`);
  await duckDb.run(
    `CREATE TABLE records AS
     SELECT ${sqlName('ITEM_ID')} AS id, ${valueIf({ name: creationColumn, kind: 'numeric' })}::DOUBLE AS time, ${texts.join(', ')}
     FROM ${orderedRows(files)}
     QUALIFY row_number() OVER (PARTITION BY ITEM_ID ORDER BY "$order" DESC) = 1`,
    signal,
  );
  return await duckDb.count('FROM records', signal);
}
