import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Dialect, Kysely, sql } from 'kysely';
import { copyRows } from './copy-rows.ts';
import type { DialectName } from './dialect.ts';
import { migrate, requirePresentFormat } from './migrations.ts';
import { connectPostgres } from './postgres.ts';
import { SqliteConnection } from './sqlite/connection.ts';
import { remoteSqliteDialect } from './sqlite/remote-dialect.ts';
import { sqliteDialect } from './sqlite/sqlite-dialect.ts';
import type { Statements } from './sqlite/statements-for-others.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** `file` may be `:memory:`; `url` is `postgres://user:password@host:port/database`. */
export type DatabaseLocation = { readonly file: string } | { readonly url: string };

export type OpenDatabase = { readonly database: Database; readonly dialect: DialectName; close(): Promise<void> };

export type DatabaseWithSnapshots = OpenDatabase & {
  /**
   * Writes what the database holds at one moment into a new SQLite file, which needs no file beside it. Others read and
   * write meanwhile; all that was committed before is in it.
   */
  snapshot(file: string): Promise<void>;
};

/**
 * Opens the server's database, made or brought to this release's format where needed. A SQLite file is kept from any
 * other process until it is closed. Every commit is on disk when it is answered. Throws an Error whose message is one
 * sentence for a person: another server has it, a newer release wrote it, no connection.
 */
export async function openDatabase(location: DatabaseLocation): Promise<DatabaseWithSnapshots> {
  if ('file' in location) {
    await mkdir(dirname(location.file), { recursive: true });
    await requireDatabaseOfLog(location.file);
    await makeFile(location.file);
  }
  const opened = await connect(location);
  try {
    await migrate(opened.database, opened.dialect);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}

/** Makes a file that is as open to others as its folder. What fails here, SQLite explains. */
async function makeFile(file: string): Promise<void> {
  if (file === ':memory:') return;
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (folder) await writeFile(file, '', { flag: 'wx', mode: folder.mode & 0o666 }).catch(() => {});
}

/** Opens a database that is there, in whatever format it is, and changes nothing. Throws as `openDatabase`. */
export async function findDatabase(location: DatabaseLocation): Promise<DatabaseWithSnapshots> {
  if ('file' in location && !(await holdsSomething(location.file))) {
    throw new Error(`There is no database ${location.file}: name the right --home or --database.`);
  }
  return await connect(location);
}

const holdsSomething = (file: string) =>
  stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );

async function connect(location: DatabaseLocation): Promise<DatabaseWithSnapshots> {
  return 'file' in location
    ? openSqlite(await SqliteConnection.open(location.file))
    : openPostgres(await connectPostgres(location.url));
}

function openSqlite(connection: SqliteConnection): DatabaseWithSnapshots {
  const database = new Kysely<Tables>({ dialect: sqliteDialect(connection) });
  return {
    database,
    dialect: 'sqlite',
    close: () => database.destroy(),
    async snapshot(file) {
      const { whole } = await database.connection().execute(() => connection.beginBackup(file));
      await whole;
      // The copy is of a database with a log beside it; from now on it is one file.
      const copy = await connect({ file });
      await sql`pragma journal_mode = delete`.execute(copy.database);
      await copy.close();
    },
  };
}

/** A SQLite database that another process of the server has opened, and whose statements that one runs. */
export function databaseElsewhere(
  statements: Statements,
  snapshot: DatabaseWithSnapshots['snapshot'],
): DatabaseWithSnapshots {
  const database = new Kysely<Tables>({ dialect: remoteSqliteDialect(statements) });
  return { database, dialect: 'sqlite', close: () => database.destroy(), snapshot };
}

function openPostgres(dialect: Dialect): DatabaseWithSnapshots {
  const database = new Kysely<Tables>({ dialect });
  return {
    database,
    dialect: 'postgres',
    close: () => database.destroy(),
    async snapshot(file) {
      await requirePresentFormat(database, 'postgres');
      await rm(file, { force: true });
      const copy = await openDatabase({ file });
      try {
        const moment = database.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
        await moment.execute((from) =>
          copy.database
            .transaction()
            .execute((to) => copyRows({ database: from, dialect: 'postgres' }, { database: to, dialect: 'sqlite' })),
        );
        await sql`pragma journal_mode = delete`.execute(copy.database);
      } finally {
        await copy.close();
      }
    },
  };
}

/** SQLite removes a log whose database is gone, and with it the commits that are nowhere else. */
async function requireDatabaseOfLog(file: string): Promise<void> {
  if ((await holdsSomething(file)) || !(await holdsSomething(`${file}-wal`))) return;
  throw new Error(
    `The database ${file} is gone, and its last commits are in ${file}-wal beside it: put the database back there, ` +
      'or move that file away to begin with an empty database.',
  );
}

/** Space that deletions have left within a SQLite file, in bytes. */
export async function reusableBytes(database: Database): Promise<number> {
  const pages = sql<{
    bytes: number;
  }>`select freelist_count * page_size as bytes from pragma_freelist_count, pragma_page_size`;
  return (await pages.execute(database)).rows[0]?.bytes ?? 0;
}
