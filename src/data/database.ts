import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Dialect, Kysely } from 'kysely';
import type { DialectName } from './dialect.ts';
import { migrate } from './migrations.ts';
import { connectPostgres } from './postgres.ts';
import { SqliteConnection } from './sqlite/connection.ts';
import { sqliteDialect } from './sqlite/sqlite-dialect.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** `file` may be `:memory:`; `url` is `postgres://user:password@host:port/database`. */
export type DatabaseLocation = { readonly file: string } | { readonly url: string };

export type OpenDatabase = { readonly database: Database; readonly dialect: DialectName; close(): Promise<void> };

/**
 * Opens the server's database, made or brought to this release's format where needed.
 * A SQLite file is kept from any other process until it is closed. Every commit is on disk when it is answered.
 * Throws an Error whose message is one sentence for a person: another server has it, a newer release wrote it, no connection.
 */
export async function openDatabase(location: DatabaseLocation): Promise<OpenDatabase> {
  const dialect = 'file' in location ? 'sqlite' : 'postgres';
  const database = new Kysely<Tables>({ dialect: await connect(location) });
  try {
    await migrate(database, dialect);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return { database, dialect, close: () => database.destroy() };
}

async function connect(location: DatabaseLocation): Promise<Dialect> {
  if ('url' in location) return await connectPostgres(location.url);
  await mkdir(dirname(location.file), { recursive: true });
  return sqliteDialect(await SqliteConnection.open(location.file));
}
