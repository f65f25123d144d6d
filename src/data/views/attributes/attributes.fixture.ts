import { openDuckDb, sqlName, sqlString } from '../../engine/duckdb.ts';
import { duckDbTypes, type Layout } from '../../records/layout.ts';

/** A record as the log has it: texts by column, empty or missing where there is no value. */
export type PlainRecord = Readonly<Record<string, string>>;

/** Writes records as a file of a dataset. */
export async function writeRecords(path: string, layout: Layout, records: readonly PlainRecord[]): Promise<void> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: `${path}.spilled`, threads: 1 });
  const columns = layout.map(({ name, type }) => `${sqlName(name)} ${duckDbTypes[type]}`);
  await duckDb.run(`CREATE TABLE records (${columns.join(', ')})`);
  const lines = records.map((record) => `(${layout.map(({ name }) => sqlText(record[name])).join(', ')})`);
  if (lines.length > 0) await duckDb.run(`INSERT INTO records VALUES ${lines.join(', ')}`);
  await duckDb.run(`COPY records TO ${sqlString(path)} (FORMAT parquet)`);
}

const sqlText = (text: string | undefined) => (text === undefined || text === '' ? 'NULL' : sqlString(text));
