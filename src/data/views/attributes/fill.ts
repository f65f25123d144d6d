import type { FilePath } from '../../encryption/file-path.ts';
import { type DuckDb, integers, openDuckDb, present, sqlName } from '../../engine/duckdb.ts';
import { columnsIn, orderedRows, parquetFile } from '../../engine/parquet-files.ts';
import type { AttributeTable } from './attribute-table.ts';
import { type ColumnSource, numberSource, textSource } from './column-sources.ts';
import { readTexts } from './flat-texts.ts';
import { NewestRecords } from './newest-records.ts';

export type AttributeFiles = {
  /** Parquet files of a dataset, oldest first. */
  readonly files: readonly FilePath[];
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;
/** With fewer rows, filters are as fast without masks. */
const leastMasked = 2 ** 15;

/** One thread: answers do not wait for it, and need the others. */
const openForTable = ({ temporaryFolder, files }: Pick<AttributeFiles, 'temporaryFolder' | 'files'>) =>
  openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });

/** Adds a row for each id in the column ID of a Parquet file, in its order. */
export async function addRowsFromFile(
  table: AttributeTable,
  ids: FilePath,
  options: Omit<AttributeFiles, 'files'>,
): Promise<void> {
  using duckDb = await openForTable({ ...options, files: [ids] });
  const { signal } = options;
  const file = parquetFile(ids);
  table.reserve(await duckDb.count(`FROM ${file}`, signal));
  const query = `SELECT ID AS text, row_number() OVER () - 1 AS index FROM ${file}`;
  await readTexts(duckDb, query, (bytes, start, end) => table.addRowOfUtf8(bytes, start, end), signal);
}

/**
 * Fills a table with the newest record of each id. DuckDB does the work within its memory limit, and gives the rows as
 * flat numbers.
 *
 * @param table has no values yet
 * @throws what a disk does, the signal's reason when it is aborted
 */
export async function fillFromFiles(table: AttributeTable, { files, ...options }: AttributeFiles): Promise<void> {
  if (files.length === 0) return;
  using duckDb = await openForTable({ ...options, files });
  const { signal } = options;
  const names = await columnsIn(duckDb, files);
  const rows = orderedRows(files);
  const records = await readRecords(duckDb, table, rows, signal);
  const sources: ColumnSource[] = [];
  for (const [name, column] of table.columns) {
    if (!names.has(name)) continue;
    const request = { duckDb, rows, name, alias: `cells_${sources.length}`, records, signal };
    const source = column.kind === 'text' ? await textSource(request, column) : await numberSource(request, column);
    if (source) sources.push(source);
  }
  await readColumns(duckDb, rows, sources, records, signal);
  if (table.count >= leastMasked) {
    for (const column of table.columns.values()) if (column.kind === 'text') await column.makeMasks(table.count);
  }
  table.noteChange();
}

/** Adds the rows. @returns which record each is to have */
async function readRecords(
  duckDb: DuckDb,
  table: AttributeTable,
  rows: string,
  signal: AbortSignal,
): Promise<NewestRecords> {
  const count = await duckDb.count(`FROM ${rows}`, signal);
  table.reserve(count);
  const records = new NewestRecords(count, table.count + count);
  const query = `SELECT ${sqlName(table.idColumn)} AS text, "$order" - 1 AS index FROM ${rows}`;
  const take = (bytes: Uint8Array, start: number, end: number, index: number) =>
    records.add(index, table.addRowOfUtf8(bytes, start, end));
  await readTexts(duckDb, query, take, signal);
  return records;
}

async function readColumns(
  duckDb: DuckDb,
  rows: string,
  sources: readonly ColumnSource[],
  records: NewestRecords,
  signal: AbortSignal,
): Promise<void> {
  if (sources.length === 0) return;
  const selected = sources.map(({ values }) => values).join(', ');
  const joins = sources.map(({ join }) => join).join(' ');
  const query = `SELECT ("$order" - 1)::UINTEGER, ${selected} FROM ${rows} AS rows ${joins}`;
  for await (const chunk of duckDb.stream(query, records.count, signal)) {
    const indexes = integers(chunk, 0);
    const into = new Int32Array(chunk.rowCount);
    for (let n = 0; n < into.length; n++) into[n] = records.rowOf(present(indexes.getItem(n)));
    let vector = 1;
    for (const { set, vectors } of sources) {
      set(chunk, vector, into);
      vector += vectors;
    }
  }
}
