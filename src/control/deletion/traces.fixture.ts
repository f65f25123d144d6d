import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../data/database/tables.ts';
import { openDuckDb, sqlName, sqlString } from '../../data/engine/duckdb.ts';

/**
 * Where a home still has a text: the bytes of every file but the users' own buckets, the values of Parquet files, and
 * the rows of every table, whose words are told by the name of the table.
 *
 * @param besides beginnings of paths below the home that are left out
 */
export async function tracesOf(
  home: string,
  database: Kysely<Tables>,
  text: string,
  besides: readonly string[] = ['buckets/'],
): Promise<string[]> {
  const traces: string[] = [];
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(home, 'work') });
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(home, path);
    if (!entry.isFile() || besides.some((beginning) => name.startsWith(beginning))) continue;
    const bytes = await readFile(path);
    if (bytes.includes(text) || name.includes(text)) traces.push(name);
    else if (bytes.subarray(0, 4).toString() === 'PAR1' && (await isInParquet(duckDb, path, text))) traces.push(name);
  }
  for (const { name } of await database.introspection.getTables()) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(database);
    if (rows.some((row) => JSON.stringify(row).includes(JSON.stringify(text).slice(1, -1))))
      traces.push(`table ${name}`);
  }
  return traces;
}

async function isInParquet(duckDb: Awaited<ReturnType<typeof openDuckDb>>, path: string, text: string) {
  const file = `read_parquet(${sqlString(path)})`;
  const columns = (await duckDb.run(`DESCRIBE FROM ${file}`)).map(({ column_name }) => sqlName(String(column_name)));
  const conditions = columns.map((column) => `contains(${column}::VARCHAR, ${sqlString(text)})`);
  return (await duckDb.count(`SELECT 1 FROM ${file} WHERE ${conditions.join(' OR ')}`)) > 0;
}
