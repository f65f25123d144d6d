import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Statements } from './statements-for-others.ts';

/** Statements that another process runs: it has the connection to itself for the time of a transaction alone. */
class RemoteConnection implements DatabaseConnection {
  readonly #statements: Statements;
  #transaction: number | undefined;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, ...counted } =
      this.#transaction === undefined
        ? await this.#statements.query(sql, parameters)
        : await this.#statements.queryWithin(this.#transaction, sql, parameters);
    return { rows: rows as R[], ...counted }; // the row type is the caller's statement about its SQL
  }

  // biome-ignore lint/correctness/useYield: as on the connection itself
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Queries are not streamed; read in pages.');
  }

  async begin(): Promise<void> {
    this.#transaction = await this.#statements.begin();
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    if (transaction !== undefined) await this.#statements[how](transaction);
  }
}

/** Any number of connections, since the process that holds the real one has them take turns. */
class RemoteDriver implements Driver {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<RemoteConnection> {
    return new RemoteConnection(this.#statements);
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(connection: RemoteConnection): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: RemoteConnection): Promise<void> {
    await connection.end('commit');
  }

  async rollbackTransaction(connection: RemoteConnection): Promise<void> {
    await connection.end('rollback');
  }

  async destroy(): Promise<void> {}
}

/** Kysely over a SQLite connection that another process holds. */
export function remoteSqliteDialect(statements: Statements): Dialect {
  return {
    createDriver: () => new RemoteDriver(statements),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
  };
}
