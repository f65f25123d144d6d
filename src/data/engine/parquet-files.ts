import { type DuckDb, sqlString } from './duckdb.ts';

/** The rows of Parquet files. Columns go by name: files of an earlier schema lack some. */
export const parquetFiles = (files: readonly string[]): string =>
  `read_parquet([${files.map(sqlString).join(', ')}], union_by_name = true)`;

/**
 * The same with `"$order"`, which numbers the rows in the order of the files and of the rows in each. DuckDB's own
 * `filename` and `file_row_number` do not do: a schema can have columns of these names.
 */
export const orderedRows = (files: readonly string[]): string =>
  `(SELECT *, row_number() OVER () AS "$order" FROM ${parquetFiles(files)})`;

/** Names of the columns that any of the files has. */
export async function columnsIn(duckDb: DuckDb, files: readonly string[]): Promise<ReadonlySet<string>> {
  const described = await duckDb.run(`DESCRIBE SELECT * FROM ${parquetFiles(files)}`);
  return new Set(described.map(({ column_name }) => String(column_name)));
}
