import { openDuckDb, sqlString } from '../duckdb.ts';

export type KnownItemsRequest = {
  /** A Parquet file whose column ID lists the items that are known. */
  readonly known: string;
  readonly ids: Iterable<string>;
  readonly temporaryFolder: string;
};

const memoryBytes = 2 ** 29;

/** Which of some items are known. */
export async function knownItems({ known, ids, temporaryFolder }: KnownItemsRequest): Promise<ReadonlySet<string>> {
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1 });
  const asked = `unnest([${Array.from(ids, sqlString).join(', ')}]::VARCHAR[])`;
  const rows = await duckDb.run(`SELECT ID AS id FROM read_parquet(${sqlString(known)}) WHERE ID IN (SELECT ${asked})`);
  return new Set(rows.map(({ id }) => String(id)));
}
