import { type FilePath, pathOf } from '../../data/encryption/file-path.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { encryptionOption } from '../../data/engine/parquet-encryption.ts';
import { parquetFile } from '../../data/engine/parquet-files.ts';
import { type Vocabulary, VocabularyBuilder } from './vocabulary.ts';

/** Enough for one column of ids, a row group at a time. */
const options = (temporaryFolder: string) => ({ memoryBytes: 512 * 2 ** 20, temporaryFolder, threads: 1 });

/** A Parquet file of one column, `ID`, with a row for each index. `temporaryFolder` is where DuckDB may spill. */
export async function writeVocabulary(file: FilePath, ids: Vocabulary, temporaryFolder: string): Promise<void> {
  using duckDb = await openDuckDb({ ...options(temporaryFolder), files: [file] });
  await duckDb.run('CREATE TABLE vocabulary (ID VARCHAR)');
  const appender = await duckDb.appender('vocabulary');
  for (const id of ids) {
    appender.appendVarchar(id);
    appender.endRow();
  }
  appender.closeSync();
  await duckDb.run(
    `COPY vocabulary TO ${sqlString(pathOf(file))} (FORMAT parquet, COMPRESSION zstd${encryptionOption(file)})`,
  );
}

export async function readVocabulary(file: FilePath, temporaryFolder: string): Promise<Vocabulary> {
  using duckDb = await openDuckDb({ ...options(temporaryFolder), files: [file] });
  const ids = new VocabularyBuilder();
  const query = `SELECT ID FROM ${parquetFile(file)}`;
  for await (const chunk of duckDb.stream(query, await duckDb.count(query))) {
    const column = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) ids.add(String(column.getItem(row)));
  }
  return ids.build();
}
