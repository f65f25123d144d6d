import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export type DuckDbOptions = {
  /** What DuckDB may hold in memory, in bytes; beyond it sorts and aggregates spill to `temporaryFolder`. */
  readonly memoryBytes: number;
  readonly temporaryFolder: string;
  /** Default: one a core. */
  readonly threads?: number;
};

/** A DuckDB of its own with one connection: tasks never share one. Whoever opens it disposes of it. */
export class DuckDb implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly connection: DuckDBConnection;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  /**
   * Runs a statement off the event loop.
   *
   * @param onProgress hears, twice a second, what fraction of the statement is done, where DuckDB can tell.
   * @returns rows, each an object by column name.
   * @throws the signal's reason once it is aborted, DuckDB's error otherwise.
   */
  async run(sql: string, signal?: AbortSignal, onProgress?: (fraction: number) => void) {
    signal?.throwIfAborted();
    const interrupt = () => this.connection.interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    const report = () => {
      const { percentage } = this.connection.progress;
      if (percentage >= 0) onProgress?.(percentage / 100);
    };
    const timer = onProgress && setInterval(report, 500);
    try {
      return (await this.connection.runAndReadAll(sql)).getRowObjects();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  [Symbol.dispose](): void {
    this.connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Opens an empty in-memory DuckDB that never fetches or loads an extension from elsewhere. */
export async function openDuckDb({ memoryBytes, temporaryFolder, threads }: DuckDbOptions): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytes / 2 ** 20)}MiB`,
    temp_directory: temporaryFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(threads !== undefined && { threads: String(threads) }),
  });
  const connection = await instance.connect();
  await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false;');
  return new DuckDb(instance, connection);
}

/** A string as an SQL literal. */
export function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
