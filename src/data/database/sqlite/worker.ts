/**
 * The thread that holds the SQLite connection: a commit waits for the disk, and must not make the event loop wait with
 * it. Replies to each request in order; the first reply, unasked, says whether the database could be opened.
 */
import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { BackupEnd, Failure, Reply, Request, SqliteAnswer } from './messages.ts';

/** Time for a server that is being stopped to release the database, in milliseconds. */
const patience = 2000;
/** Pages that are copied at a time, a megabyte: statements wait no longer than that takes. */
const pagesAtOnce = 256;

type Port = NonNullable<typeof parentPort>;

/** Prepared statements; the server's queries are far fewer. */
const statements = new LRUCache<string, StatementSync>({ max: 500 });

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: patience, enableForeignKeyConstraints: true });
  // The lock on the file keeps a second server out, and the operating system lifts it however this process ends.
  database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full;');
  database.exec('begin immediate; commit;');
  return database;
}

function prepare(database: DatabaseSync, sql: string): StatementSync {
  const known = statements.get(sql);
  if (known) return known;
  const statement = database.prepare(sql);
  statements.set(sql, statement);
  return statement;
}

function answer(database: DatabaseSync, request: Exclude<Request, { kind: 'backup' }>): SqliteAnswer {
  if (request.kind === 'rollback') {
    // SQLite has rolled back by itself after some errors, such as a full disk.
    if (database.isTransaction) database.exec('rollback');
    return { rows: [] };
  }
  if (request.kind === 'close') {
    database.close();
    return { rows: [] };
  }
  const statement = prepare(database, request.sql);
  // Values that SQLite cannot bind are refused by node:sqlite with a TypeError of its own.
  const parameters = request.parameters as SQLInputValue[];
  if (statement.columns().length > 0) return { rows: statement.all(...parameters) };
  return { rows: [], changes: statement.run(...parameters).changes };
}

function failure(error: unknown): Failure {
  if (!(error instanceof Error)) return { failure: { message: String(error) } };
  const code = 'errcode' in error && typeof error.errcode === 'number' ? { code: error.errcode } : {};
  return { failure: { ...code, message: error.message } };
}

function attempt(work: () => SqliteAnswer): Reply {
  try {
    return work();
  } catch (error) {
    return failure(error);
  }
}

/**
 * Copies the database as it is when the copy ends, whatever is written meanwhile. The first step fails within a
 * transaction, later ones wait for its end: so the caller is answered after the first step.
 */
function copy(port: Port, database: DatabaseSync, path: string): void {
  let begun = false;
  const begin = (reply: Reply) => {
    if (!begun) port.postMessage(reply);
    begun = true;
  };
  const end = (how: { readonly whole: true } | Failure) =>
    port.postMessage({ backup: path, ...how } satisfies BackupEnd);
  backup(database, path, { rate: pagesAtOnce, progress: () => begin({ rows: [] }) }).then(
    () => {
      begin({ rows: [] });
      end({ whole: true });
    },
    (error: unknown) => {
      begin({ rows: [] });
      end(failure(error));
    },
  );
}

function start(port: Port, file: string): void {
  const opened = attempt(() => {
    const database = open(file);
    port.on('message', (request: Request) => {
      if (request.kind === 'backup') return copy(port, database, request.path);
      port.postMessage(attempt(() => answer(database, request)));
      if (request.kind === 'close') port.close();
    });
    return { rows: [] };
  });
  port.postMessage(opened);
}

if (parentPort) start(parentPort, workerData.file);
