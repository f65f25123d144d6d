import type { FilePath } from '../encryption/file-path.ts';
import { openDuckDb, sqlString } from './duckdb.ts';
import { parquetFile } from './parquet-files.ts';

export type KnownIdsRequest = {
  /** A Parquet file of a model, whose column ID lists the items or users that it knows. */
  readonly file: FilePath;
  readonly ids: Iterable<string>;
  readonly temporaryFolder: string;
};

const memoryBytes = 2 ** 29;

/** Which of some ids a model knows. */
export async function knownIds({ file, ids, temporaryFolder }: KnownIdsRequest): Promise<ReadonlySet<string>> {
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files: [file] });
  const asked = `unnest([${Array.from(ids, sqlString).join(', ')}]::VARCHAR[])`;
  const rows = await duckDb.run(`SELECT ID AS id FROM ${parquetFile(file)} WHERE ID IN (SELECT ${asked})`);
  return new Set(rows.map(({ id }) => String(id)));
}
