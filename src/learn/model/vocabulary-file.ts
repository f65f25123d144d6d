import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { type Vocabulary, VocabularyBuilder } from './vocabulary.ts';

/** Enough for one column of ids, a row group at a time. */
const options = (temporaryFolder: string) => ({ memoryBytes: 512 * 2 ** 20, temporaryFolder, threads: 1 });

/** A Parquet file of one column, `ID`, with a row for each index. `temporaryFolder` is where DuckDB may spill. */
export async function writeVocabulary(path: string, ids: Vocabulary, temporaryFolder: string): Promise<void> {
  using duckDb = await openDuckDb(options(temporaryFolder));
  await duckDb.run('CREATE TABLE vocabulary (ID VARCHAR)');
  const appender = await duckDb.appender('vocabulary');
  for (const id of ids) {
    appender.appendVarchar(id);
    appender.endRow();
  }
  appender.closeSync();
  await duckDb.run(`COPY vocabulary TO ${sqlString(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

export async function readVocabulary(path: string, temporaryFolder: string): Promise<Vocabulary> {
  using duckDb = await openDuckDb(options(temporaryFolder));
  const ids = new VocabularyBuilder();
  const query = `SELECT ID FROM read_parquet(${sqlString(path)})`;
  for await (const chunk of duckDb.stream(query, await duckDb.count(query))) {
    const column = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) ids.add(String(column.getItem(row)));
  }
  return ids.build();
}
