import assert from 'node:assert/strict';
import type {
  DuckDBAppender,
  DuckDBBigIntVector,
  DuckDBBlobVector,
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBInstance,
  DuckDBListVector,
  DuckDBUIntegerVector,
} from '@duckdb/node-api';
import { type FilePath, keyOf } from '../encryption/file-path.ts';
import { asSealedError, encryptionStatements } from './parquet-encryption.ts';

/** Loaded when it is first opened: a server that has no data yet does without its 30 MiB. */
const library: { loaded?: typeof import('@duckdb/node-api') } = {};

/** The library once there is a chunk or an instance of it. */
function duckDbLibrary(): typeof import('@duckdb/node-api') {
  assert(library.loaded, 'DuckDB is opened before anything of it is read.');
  return library.loaded;
}

/** Some thousand rows of an answer, by columns. */
export type DataChunk = DuckDBDataChunk;

export type DuckDbOptions = {
  /** What DuckDB may hold in memory, in bytes; beyond it sorts and aggregates spill to `temporaryFolder`. */
  readonly memoryBytes: number;
  readonly temporaryFolder: string;
  /** Default: one a core. */
  readonly threads?: number;
  /**
   * Files that statements read or write. Where one of them is sealed, what spills to `temporaryFolder` is encrypted.
   */
  readonly files?: readonly FilePath[] | undefined;
};

/**
 * A DuckDB of its own: tasks never share one. The opener disposes of it. Its connections stay in here: a result
 * that is being read ends early, without an error, when its connection runs another statement.
 */
export class DuckDb implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Takes the keys of sealed files, which statements name from now on. */
  async use(files: readonly FilePath[]): Promise<void> {
    const keys = new Set(files.map(keyOf).filter((key) => key !== undefined));
    for (const statement of encryptionStatements(keys)) await this.#connection.run(statement);
  }

  /**
   * Runs a statement off the event loop.
   *
   * @param onProgress is called twice a second with the fraction of the statement that is done, where DuckDB knows it.
   * @returns rows, each an object by column name.
   * @throws the signal's reason once it is aborted, DuckDB's error otherwise.
   */
  async run(sql: string, signal?: AbortSignal, onProgress?: (fraction: number) => void) {
    return (await this.#read(sql, signal, onProgress)).getRowObjects();
  }

  /** The only row of a query, as numbers. */
  async numbers(sql: string, signal?: AbortSignal): Promise<number[]> {
    const [row = []] = (await this.#read(sql, signal)).getRows();
    return row.map(Number);
  }

  /** How many rows a query selects. */
  async count(sql: string, signal?: AbortSignal): Promise<number> {
    const [rows = 0] = await this.numbers(`SELECT count(*) FROM (${sql})`, signal);
    return rows;
  }

  async #read(sql: string, signal?: AbortSignal, onProgress?: (fraction: number) => void) {
    signal?.throwIfAborted();
    const interrupt = () => this.#connection.interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
    const report = () => {
      const { percentage } = this.#connection.progress;
      if (percentage >= 0) onProgress?.(percentage / 100);
    };
    const timer = onProgress && setInterval(report, 500);
    try {
      return await this.#connection.runAndReadAll(sql);
    } catch (error) {
      signal?.throwIfAborted();
      throw asSealedError(error);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  /**
   * The rows of a query piece by piece, read on a connection of their own: other statements may run meanwhile.
   * Temporary tables and views belong to one connection, so the query cannot name any.
   *
   * @param rows how many it selects
   * @throws the signal's reason once it is aborted, an Error if other than `rows` rows have come
   */
  async *stream(sql: string, rows: number, signal?: AbortSignal): AsyncGenerator<DuckDBDataChunk, void, void> {
    signal?.throwIfAborted();
    const connection = await this.#instance.connect();
    let read = 0;
    try {
      for await (const chunk of await connection.stream(sql)) {
        signal?.throwIfAborted();
        yield chunk;
        read += chunk.rowCount;
      }
    } catch (error) {
      throw asSealedError(error);
    } finally {
      connection.closeSync();
    }
    if (read !== rows) throw new Error(`DuckDB gave ${read} of the ${rows} rows of: ${sql.slice(0, shownOfQuery)}`);
  }

  /** Adds rows to a table, one value after another. */
  appender(table: string): Promise<DuckDBAppender> {
    return this.#connection.createAppender(table);
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** Opens an empty in-memory DuckDB that never fetches or loads an extension from elsewhere. */
export async function openDuckDb({ memoryBytes, temporaryFolder, threads, files }: DuckDbOptions): Promise<DuckDb> {
  library.loaded ??= await import('@duckdb/node-api');
  const instance = await library.loaded.DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytes / 2 ** 20)}MiB`,
    temp_directory: temporaryFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(threads !== undefined && { threads: String(threads) }),
  });
  const connection = await instance.connect();
  await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false;');
  const duckDb = new DuckDb(instance, connection);
  await duckDb.use(files ?? []);
  return duckDb;
}

/** Of a query that went wrong, as much is shown. */
const shownOfQuery = 500;

/** A column of type UINTEGER. */
export function integers(chunk: DuckDBDataChunk, column: number): DuckDBUIntegerVector {
  const vector = chunk.getColumnVector(column);
  if (vector instanceof duckDbLibrary().DuckDBUIntegerVector) return vector;
  throw new TypeError(`Column ${column} is ${vector.type}, not UINTEGER.`);
}

/** A column of type DOUBLE. */
export function doubles(chunk: DuckDBDataChunk, column: number): DuckDBDoubleVector {
  const vector = chunk.getColumnVector(column);
  if (vector instanceof duckDbLibrary().DuckDBDoubleVector) return vector;
  throw new TypeError(`Column ${column} is ${vector.type}, not DOUBLE.`);
}

/** A column of type BIGINT. */
export function longs(chunk: DuckDBDataChunk, column: number): DuckDBBigIntVector {
  const vector = chunk.getColumnVector(column);
  if (vector instanceof duckDbLibrary().DuckDBBigIntVector) return vector;
  throw new TypeError(`Column ${column} is ${vector.type}, not BIGINT.`);
}

/** A column of type BLOB. */
export function blobs(chunk: DuckDBDataChunk, column: number): DuckDBBlobVector {
  const vector = chunk.getColumnVector(column);
  if (vector instanceof duckDbLibrary().DuckDBBlobVector) return vector;
  throw new TypeError(`Column ${column} is ${vector.type}, not BLOB.`);
}

/** A column of lists of type UINTEGER. */
export function integerLists(
  chunk: DuckDBDataChunk,
  column: number,
): { readonly lists: DuckDBListVector; readonly items: DuckDBUIntegerVector } {
  const lists = chunk.getColumnVector(column);
  const items = lists instanceof duckDbLibrary().DuckDBListVector ? lists.childVector : undefined;
  if (lists instanceof duckDbLibrary().DuckDBListVector && items instanceof duckDbLibrary().DuckDBUIntegerVector)
    return { lists, items };
  throw new TypeError(`Column ${column} is ${lists.type}, not UINTEGER[].`);
}

/** A cell of a column that has no NULL. */
export function present<Cell extends number | bigint>(cell: Cell | null): Cell {
  if (cell === null) throw new TypeError('DuckDB gave NULL in a column that has none.');
  return cell;
}

/** A string as an SQL expression. A statement ends at U+0000, so that stands outside of the quotes. */
export function sqlString(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\0') ? `(${quoted.replaceAll('\0', "' || chr(0) || '")})` : quoted;
}

/**
 * A name as an SQL identifier. Names that a query computes beside the columns of a schema begin with `$`, as no field
 * of a schema does: so none can be taken for the other.
 */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
