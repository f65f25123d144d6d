import { type DataChunk, type DuckDb, doubles, integers, longs, present, sqlName } from '../../engine/duckdb.ts';
import { readTexts } from './flat-texts.ts';
import type { NewestRecords } from './newest-records.ts';
import type { NumberColumn } from './number-column.ts';
import type { TextColumn } from './text-column.ts';

/** What is selected of a dataset's files for a column, and what becomes of it. */
export type ColumnSource = {
  /** Expressions over `rows` and what is joined. */
  readonly values: string;
  /** How many there are. */
  readonly vectors: number;
  readonly join: string;
  /** Sets the rows `into` from a chunk, in which the values begin at the vector `first`; -1 is no row. */
  set(chunk: DataChunk, first: number, into: Int32Array): void;
};

export type SourceRequest = {
  readonly duckDb: DuckDb;
  /** The records of the files, with `"$order"`. */
  readonly rows: string;
  /** Of the column. */
  readonly name: string;
  /** For a table of its cells. */
  readonly alias: string;
  readonly records: NewestRecords;
  readonly signal: AbortSignal;
};

/** If cells recur so often, DuckDB had better find the different ones and join them to the rows. */
const recurrences = 16;

/** @returns undefined if the column has been read already */
export async function textSource(request: SourceRequest, column: TextColumn): Promise<ColumnSource | undefined> {
  const { duckDb, rows, name, records, signal } = request;
  const [different = 0] = await duckDb.numbers(`SELECT approx_count_distinct(${sqlName(name)}) FROM ${rows}`, signal);
  column.cells.reserve(different);
  if (recurrences * different < records.count) return await joinedCells(request, column);
  const query = `SELECT coalesce(${sqlName(name)}::VARCHAR, '') AS text, "$order" - 1 AS index FROM ${rows}`;
  const take = (bytes: Uint8Array, start: number, end: number, index: number) => {
    const row = records.rowOf(index);
    if (row >= 0 && end > start) column.setCode(row, column.cells.codeOfUtf8(bytes, start, end));
  };
  await readTexts(duckDb, query, take, signal);
  return undefined;
}

async function joinedCells(
  { duckDb, rows, name, alias, signal }: SourceRequest,
  column: TextColumn,
): Promise<ColumnSource> {
  const cell = `${sqlName(name)}::VARCHAR`;
  await duckDb.run(
    `CREATE TABLE ${alias} AS SELECT text, (row_number() OVER () - 1)::UINTEGER AS index
     FROM (SELECT DISTINCT ${cell} AS text FROM ${rows} WHERE ${cell} <> '')`,
    signal,
  );
  const codes = new Uint32Array(1 + (await duckDb.count(`FROM ${alias}`, signal)));
  const take = (bytes: Uint8Array, start: number, end: number, index: number) => {
    codes[index + 1] = column.cells.codeOfUtf8(bytes, start, end);
  };
  await readTexts(duckDb, `FROM ${alias}`, take, signal);
  return {
    values: `coalesce(${alias}.index + 1, 0)::UINTEGER`,
    vectors: 1,
    join: `LEFT JOIN ${alias} ON ${alias}.text = rows.${cell}`,
    set(chunk, first, into) {
      const cells = integers(chunk, first);
      for (let n = 0; n < into.length; n++) if (into[n] >= 0) column.setCode(into[n], codes[present(cells.getItem(n))]);
    },
  };
}

/** Numbers come as doubles, which hold all but large integers of 64 bits. */
export async function numberSource(
  { duckDb, rows, name, signal }: SourceRequest,
  column: NumberColumn,
): Promise<ColumnSource> {
  const number = sqlName(name);
  const range = `SELECT coalesce(min(${number}) >= -2147483648 AND max(${number}) < 2147483648, true) FROM ${rows}`;
  const isWide = column.type === 'long' && (await duckDb.numbers(range, signal))[0] === 0;
  return {
    values: `coalesce(rows.${number}, 0)::${isWide ? 'BIGINT' : 'DOUBLE'}, (rows.${number} IS NOT NULL)::UINTEGER`,
    vectors: 2,
    join: '',
    set(chunk, first, into) {
      const values = isWide ? longs(chunk, first) : doubles(chunk, first);
      const has = integers(chunk, first + 1);
      for (let n = 0; n < into.length; n++) {
        if (into[n] >= 0 && has.getItem(n) === 1) column.set(into[n], present<number | bigint>(values.getItem(n)));
      }
    },
  };
}
