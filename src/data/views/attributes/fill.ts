import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type DuckDb, doubles, integers, longs, openDuckDb, present, sqlName, sqlString } from '../../engine/duckdb.ts';
import { columnsIn, orderedRows } from '../../engine/parquet-files.ts';
import type { AttributeTable } from './attribute-table.ts';
import { createTexts, readTexts } from './flat-texts.ts';
import type { NumberColumn } from './number-column.ts';
import type { TextColumn } from './text-column.ts';

export type AttributeFiles = {
  /** Parquet files of a dataset, oldest first. */
  readonly files: readonly string[];
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;

/** One thread: answers do not wait for it, and need the others. */
const openForTable = ({ temporaryFolder }: Pick<AttributeFiles, 'temporaryFolder'>) =>
  openDuckDb({ memoryBytes, temporaryFolder, threads: 1 });

/** Adds a row for each id in the column ID of a Parquet file, in its order. */
export async function addRowsFromFile(
  table: AttributeTable,
  path: string,
  options: Omit<AttributeFiles, 'files'>,
): Promise<void> {
  using duckDb = await openForTable(options);
  const { signal } = options;
  const count = await createTexts(duckDb, 'ids', `SELECT ID AS text FROM read_parquet(${sqlString(path)})`, signal);
  table.reserve(count);
  await readTexts(duckDb, 'ids', (bytes, start, end) => table.addRowOfUtf8(bytes, start, end), signal);
}

/**
 * Fills a table with the newest record of each id. DuckDB does the work within its memory limit: it finds the different
 * cells of each column of texts, and gives the rows as numbers.
 *
 * @throws what a disk does, the signal's reason when it is aborted
 */
export async function fillFromFiles(table: AttributeTable, { files, ...options }: AttributeFiles): Promise<void> {
  if (files.length === 0) return;
  using duckDb = await openForTable(options);
  const { signal } = options;
  const names = await columnsIn(duckDb, files);
  const rows = orderedRows(files);
  const rowOf = await readRowIds(duckDb, table, rows, signal);
  const columns: Source[] = [];
  for (const [name, column] of table.columns) {
    if (!names.has(name)) continue;
    const source = { sql: sqlName(name), alias: `column_${columns.length}` };
    if (column.kind === 'text') columns.push(await textSource(duckDb, source, column, rows, signal));
    else columns.push(await numberSource(duckDb, source, column, rows, signal));
  }
  const selected = columns.map(({ values }) => `, ${values}`).join('');
  const joins = columns.map(({ join }) => join).join(' ');
  const query = `SELECT ("$order" - 1)::UINTEGER${selected} FROM ${rows} AS rows ${joins}`;
  const newest = new NewestRecords(rowOf, table.count);
  for await (const chunk of duckDb.stream(query, rowOf.length, signal)) {
    const into = newest.rowsFor(chunk);
    let vector = 1;
    for (const { set, vectors } of columns) {
      set(chunk, vector, into);
      vector += vectors;
    }
  }
  table.noteChange();
}

/** Where the rows of a column come from. */
type Source = {
  /** What is selected for it, and in how many vectors of a chunk that is. */
  readonly values: string;
  readonly vectors: number;
  readonly join: string;
  /** Sets the rows `into` from a chunk, in which its vectors begin at `first`; -1 is none. */
  set(chunk: DuckDBDataChunk, first: number, into: Int32Array): void;
};
type SourceName = { readonly sql: string; readonly alias: string };

/** The table's row for each record of the files. */
async function readRowIds(duckDb: DuckDb, table: AttributeTable, rows: string, signal: AbortSignal) {
  const count = await createTexts(
    duckDb,
    'ids',
    `SELECT ${sqlName(table.idColumn)} AS text FROM ${rows} ORDER BY "$order"`,
    signal,
  );
  const rowOf = new Uint32Array(count);
  table.reserve(count);
  const take = (bytes: Uint8Array, start: number, end: number, index: number) => {
    rowOf[index] = table.addRowOfUtf8(bytes, start, end);
  };
  await readTexts(duckDb, 'ids', take, signal);
  await duckDb.run('DROP TABLE ids');
  return rowOf;
}

/** Takes the cells of a column into its dictionary, which numbers them as DuckDB's table does, from 1 on. */
async function textSource(
  duckDb: DuckDb,
  { sql, alias }: SourceName,
  column: TextColumn,
  rows: string,
  signal: AbortSignal,
): Promise<Source> {
  const count = await createTexts(
    duckDb,
    alias,
    `SELECT DISTINCT ${sql}::VARCHAR AS text FROM ${rows} WHERE ${sql} IS NOT NULL`,
    signal,
  );
  column.cells.reserve(count);
  const take = (bytes: Uint8Array, start: number, end: number, index: number) => {
    if (column.cells.codeOfUtf8(bytes, start, end) !== index + 1) throw new Error(`A cell of ${sql} came twice.`);
  };
  await readTexts(duckDb, alias, take, signal);
  return {
    values: `coalesce(${alias}.index + 1, 0)::UINTEGER`,
    vectors: 1,
    join: `LEFT JOIN ${alias} ON ${alias}.text = rows.${sql}::VARCHAR`,
    set(chunk, first, into) {
      const codes = integers(chunk, first);
      for (let n = 0; n < into.length; n++) if (into[n] >= 0) column.setCode(into[n], present(codes.getItem(n)));
    },
  };
}

/** Numbers come as doubles, which hold all but large integers of 64 bits. */
async function numberSource(
  duckDb: DuckDb,
  { sql }: SourceName,
  column: NumberColumn,
  rows: string,
  signal: AbortSignal,
): Promise<Source> {
  const isWide = column.type === 'long' && !(await fitsDouble(duckDb, sql, rows, signal));
  const type = isWide ? 'BIGINT' : 'DOUBLE';
  return {
    values: `coalesce(rows.${sql}, 0)::${type}, (rows.${sql} IS NOT NULL)::UINTEGER`,
    vectors: 2,
    join: '',
    set(chunk, first, into) {
      const values = isWide ? longs(chunk, first) : doubles(chunk, first);
      const has = integers(chunk, first + 1);
      for (let n = 0; n < into.length; n++) {
        if (into[n] < 0) continue;
        if (has.getItem(n) === 1) column.set(into[n], present<number | bigint>(values.getItem(n)));
        else column.clear(into[n]);
      }
    },
  };
}

async function fitsDouble(duckDb: DuckDb, sql: string, rows: string, signal: AbortSignal): Promise<boolean> {
  const range = `SELECT coalesce(min(${sql}), 0) >= -2147483648 AND coalesce(max(${sql}), 0) < 2147483648 FROM ${rows}`;
  return (await duckDb.numbers(range, signal))[0] === 1;
}

/** Which records count: of those with one id the last. DuckDB may give them in any order. */
class NewestRecords {
  readonly #rowOf: Uint32Array;
  /** By row: the newest record so far + 1. */
  readonly #newest: Uint32Array;

  constructor(rowOf: Uint32Array, rows: number) {
    this.#rowOf = rowOf;
    this.#newest = new Uint32Array(rows);
  }

  /** The rows that the records of a chunk are for; -1 where a newer record has come. */
  rowsFor(chunk: DuckDBDataChunk): Int32Array {
    const records = integers(chunk, 0);
    const count = chunk.rowCount;
    const into = new Int32Array(count);
    for (let n = 0; n < count; n++) {
      const record = present(records.getItem(n));
      const row = this.#rowOf[record];
      this.#newest[row] = Math.max(this.#newest[row], record + 1);
    }
    for (let n = 0; n < count; n++) {
      const record = present(records.getItem(n));
      const row = this.#rowOf[record];
      into[n] = this.#newest[row] === record + 1 ? row : -1;
    }
    return into;
  }
}
