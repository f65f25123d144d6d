import {
  type ColumnDefinitionBuilder,
  type Kysely,
  type RawBuilder,
  type SelectQueryBuilder,
  sql,
  type Transaction,
} from 'kysely';
import { DatabaseError } from 'pg';
import { postgresOutage } from './postgres.ts';
import { isSqliteOutage, SqliteError } from './sqlite/sqlite-error.ts';
import type { Tables } from './tables.ts';

/** The SQL in which the two databases differ is in this file. */
export type DialectName = 'sqlite' | 'postgres';

/**
 * Rows that this transaction takes for itself, leaving those that another one holds.
 * SQLite lets one transaction run at a time, so that there are no others.
 */
export function forUpdateSkipLocked<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  dialect: DialectName,
): SelectQueryBuilder<DB, TB, O> {
  return dialect === 'postgres' ? query.forUpdate().skipLocked() : query;
}

/**
 * Holds off other transactions that lock the same account until this one ends, so that a quota can be counted and used.
 */
export async function lockAccount(trx: Transaction<Tables>, dialect: DialectName, account: string): Promise<void> {
  await lock(trx, dialect, `account ${account}`);
}

/** Holds off other servers that migrate the same database until this transaction ends. */
export async function lockMigrations(trx: Transaction<Tables>, dialect: DialectName): Promise<void> {
  await lock(trx, dialect, 'migrations');
}

/**
 * Runs one INSERT into the record log so that positions are in the order of commits, whichever node inserts: the next
 * begins when it is committed. SQLite runs a statement alone anyway.
 */
export async function inLogOrder<T>(
  database: Kysely<Tables>,
  dialect: DialectName,
  insert: (db: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  if (dialect === 'sqlite') return await insert(database);
  return await database.transaction().execute(async (trx) => {
    await lock(trx, dialect, 'record log');
    return await insert(trx);
  });
}

/**
 * Leaves nothing of what was deleted in the file of SQLite or its write-ahead log, where free space keeps it otherwise.
 * Statements wait meanwhile. PostgreSQL looks after its files itself.
 */
export async function eraseFreeSpace(database: Kysely<Tables>, dialect: DialectName): Promise<void> {
  if (dialect !== 'sqlite') return;
  await sql`vacuum`.execute(database);
  await sql`pragma wal_checkpoint(truncate)`.execute(database);
}

/** SQLite needs no lock: its transactions begin IMMEDIATE, one at a time. */
async function lock(trx: Transaction<Tables>, dialect: DialectName, name: string): Promise<void> {
  if (dialect === 'postgres') {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`openpersonalize ${name}`}, 0))`.execute(trx);
  }
}

/** Whether there is a table of that name where this server's tables are. */
export async function hasTable(db: Kysely<Tables>, dialect: DialectName, name: string): Promise<boolean> {
  const found =
    dialect === 'postgres'
      ? sql<{ found: number }>`select count(to_regclass(${name})) as found`
      : sql<{ found: number }>`select count(*) as found from sqlite_master where type = 'table' and name = ${name}`;
  return (await found.execute(db)).rows.some(({ found: count }) => count > 0);
}

/** SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE and _ROWID, https://www.sqlite.org/rescode.html */
const sqliteUniqueViolations = [1555, 2067, 2579];

/** Whether a statement failed because a row with the same key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof SqliteError) return sqliteUniqueViolations.includes(error.code);
  return error instanceof DatabaseError && error.code === '23505';
}

/** SQLITE_FULL, https://www.sqlite.org/rescode.html, and disk_full of PostgreSQL. */
export function isDatabaseFull(error: unknown): boolean {
  if (error instanceof SqliteError) return (error.code & 0xff) === 13;
  return error instanceof DatabaseError && error.code === '53100';
}

/** What a person has to know where the database cannot do its work; undefined for any other error. */
export function databaseOutage(error: unknown): string | undefined {
  if (error instanceof SqliteError) return isSqliteOutage(error) ? error.message : undefined;
  return postgresOutage(error);
}

/** Text that compares and sorts by its UTF-8 bytes on both, whatever the locale of the PostgreSQL database. */
export function textType(dialect: DialectName): RawBuilder<unknown> {
  return dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
}

/** Type of a primary key that the database counts up and never gives twice. */
export function identityType(dialect: DialectName): 'bigint' | 'integer' {
  return dialect === 'postgres' ? 'bigint' : 'integer';
}

/** The last number that an identity column has given, if any. */
export async function countedTo(
  db: Kysely<Tables>,
  dialect: DialectName,
  table: string,
  column: string,
): Promise<number> {
  const query =
    dialect === 'postgres'
      ? sql<{ last: number | null }>`select pg_sequence_last_value(pg_get_serial_sequence(${table}, ${column})) as last`
      : sql<{ last: number | null }>`select max(seq) as last from sqlite_sequence where name = ${table}`;
  return (await query.execute(db)).rows[0]?.last ?? 0;
}

/** Has an identity column give no number up to `last` any more. */
export async function continueCount(
  db: Kysely<Tables>,
  dialect: DialectName,
  table: string,
  column: string,
  last: number,
): Promise<void> {
  if (last === 0) return;
  if (dialect === 'postgres') {
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${last})`.execute(db);
    return;
  }
  await sql`delete from sqlite_sequence where name = ${table}`.execute(db);
  await sql`insert into sqlite_sequence (name, seq) values (${table}, ${last})`.execute(db);
}

export function asIdentity(column: ColumnDefinitionBuilder, dialect: DialectName): ColumnDefinitionBuilder {
  return dialect === 'postgres' ? column.generatedAlwaysAsIdentity().primaryKey() : column.primaryKey().autoIncrement();
}
