import { type FilePath, pathOf } from '../encryption/file-path.ts';
import { type DuckDb, sqlString } from './duckdb.ts';
import { encryptionArgument, isSealed, pathsOf } from './parquet-encryption.ts';

/**
 * The rows of Parquet files. Columns go by name: files of an earlier schema lack some. Keys of sealed ones are the
 * DuckDB's (`use`).
 */
export function parquetFiles(files: readonly FilePath[]): string {
  if (!isSealed(files)) return `read_parquet([${pathsOf(files).map(sqlString).join(', ')}], union_by_name = true)`;
  // One call has one key.
  return `(${files.map((file) => `SELECT * FROM ${parquetFile(file)}`).join(' UNION ALL BY NAME ')})`;
}

/** The rows of one Parquet file. */
export const parquetFile = (file: FilePath): string =>
  `read_parquet(${sqlString(pathOf(file))}${encryptionArgument(file)})`;

/**
 * The same with `"$order"`, which numbers the rows in the order of the files and of the rows in each. DuckDB's own
 * `filename` and `file_row_number` do not do: a schema can have columns of these names.
 */
export const orderedRows = (files: readonly FilePath[]): string =>
  `(SELECT *, row_number() OVER () AS "$order" FROM ${parquetFiles(files)})`;

/** Names of the columns that any of the files has. */
export async function columnsIn(duckDb: DuckDb, files: readonly FilePath[]): Promise<ReadonlySet<string>> {
  const described = await duckDb.run(`DESCRIBE SELECT * FROM ${parquetFiles(files)}`);
  return new Set(described.map(({ column_name }) => String(column_name)));
}
