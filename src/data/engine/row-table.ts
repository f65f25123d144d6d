import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type DuckDb, sqlName } from './duckdb.ts';

/** Rows that are added without a pause: a few milliseconds. */
const rowsAtOnce = 1024;

/** Takes rows of text, one value a column; an empty one is NULL. */
export type RowSink = AsyncDisposable & { add(rows: Iterable<readonly string[]>): Promise<void> };

/**
 * A new table of text in the memory of a DuckDB, for rows that must not lie in a file in the clear: what does not fit
 * spills encrypted. No other statement may run until it is disposed of; then it is complete.
 */
export async function createRowTable(duckDb: DuckDb, table: string, columns: readonly string[]): Promise<RowSink> {
  const definitions = columns.map((name) => `${sqlName(name)} VARCHAR`).join(', ');
  await duckDb.run(`CREATE OR REPLACE TABLE ${sqlName(table)} (${definitions})`);
  const appender = await duckDb.appender(table);
  let added = 0;
  return {
    async add(rows) {
      for (const row of rows) {
        for (let column = 0; column < columns.length; column++) {
          const value = row[column] ?? '';
          if (value === '') appender.appendNull();
          else appender.appendVarchar(value);
        }
        appender.endRow();
        if (++added % rowsAtOnce === 0) await letOthersRun();
      }
    },
    async [Symbol.asyncDispose]() {
      appender.closeSync();
    },
  };
}
