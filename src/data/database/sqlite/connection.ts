import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { BackupEnd, Failure, Reply, Request, SqliteAnswer } from './messages.ts';
import { SqliteError, sqliteMessage } from './sqlite-error.ts';

const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

type PendingReply = { resolve(reply: Reply): void; reject(error: Error): void };

/** The one connection to a SQLite file, held by a thread of its own. */
export class SqliteConnection implements DatabaseConnection {
  readonly #file: string;
  readonly #worker: Worker;
  /** The thread answers in order. */
  readonly #waiting: PendingReply[] = [];
  /** Copies under way, by path. */
  readonly #copying = new Map<string, PromiseWithResolvers<void>>();
  #ended: Error | undefined;

  private constructor(file: string, worker: Worker) {
    this.#file = file;
    this.#worker = worker;
    worker.on('message', (message: Reply | BackupEnd) => {
      if ('backup' in message) this.#endCopy(message);
      else this.#waiting.shift()?.resolve(message);
    });
    worker.on('error', (error) => this.#end(new Error(`The thread of the database ${file} died.`, { cause: error })));
    worker.on('exit', () => this.#end(new Error(`The database ${file} is closed.`)));
  }

  /** Opens or creates the file and keeps other servers off it. Throws SqliteError. */
  static async open(file: string): Promise<SqliteConnection> {
    const execArgv = ['--disable-warning=ExperimentalWarning']; // node:sqlite is the one experiment in that thread
    const connection = new SqliteConnection(file, new Worker(workerUrl, { workerData: { file }, execArgv }));
    const exit = once(connection.#worker, 'exit');
    try {
      connection.#accept(await connection.#reply());
    } catch (error) {
      await exit;
      throw error;
    }
    return connection;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.#ask({ kind: 'query', sql: query.sql, parameters: query.parameters });
    const counted = changes === undefined ? {} : { numAffectedRows: BigInt(changes) };
    return { rows: rows as R[], ...counted }; // the row type is the caller's statement about its SQL
  }

  // biome-ignore lint/correctness/useYield: a stream would hold the only connection for as long as its reader likes
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Queries are not streamed; read in pages.');
  }

  async rollback(): Promise<void> {
    await this.#ask({ kind: 'rollback' });
  }

  /**
   * Begins to copy the database into a new file, which then holds it as it was at the end of the copy. The caller has
   * the connection to itself until this is answered; statements that follow go on meanwhile.
   *
   * @returns what resolves when the copy is whole, and throws SqliteError if it fails
   */
  async beginBackup(path: string): Promise<{ readonly whole: Promise<void> }> {
    const copying = Promise.withResolvers<void>();
    copying.promise.catch(() => {}); // known to those who wait for it
    this.#copying.set(path, copying);
    await this.#ask({ kind: 'backup', path });
    return { whole: copying.promise };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#copying.values()].map(({ promise }) => promise));
    const exit = once(this.#worker, 'exit');
    await this.#ask({ kind: 'close' });
    await exit;
  }

  async #ask(request: Request): Promise<SqliteAnswer> {
    if (this.#ended) throw this.#ended;
    this.#worker.postMessage(request);
    return this.#accept(await this.#reply());
  }

  #reply(): Promise<Reply> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #accept(reply: Reply): SqliteAnswer {
    if ('failure' in reply) throw this.#errorOf(reply);
    return reply;
  }

  #errorOf({ failure: { code, message } }: Failure): Error {
    if (code === undefined) return new TypeError(message);
    return new SqliteError(code, sqliteMessage(code, this.#file, message));
  }

  #endCopy(end: BackupEnd): void {
    const copying = this.#copying.get(end.backup);
    this.#copying.delete(end.backup);
    if ('failure' in end) copying?.reject(this.#errorOf(end));
    else copying?.resolve();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    for (const { reject } of this.#copying.values()) reject(this.#ended);
  }
}
