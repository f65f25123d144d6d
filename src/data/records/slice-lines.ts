import { open, rm } from 'node:fs/promises';
import { type DuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { createRowTable, type RowSink } from '../engine/row-table.ts';
import { decodeLines, duckDbTypes, type Layout } from './layout.ts';

/** Lines of the record log that DuckDB is about to read. Disposing of them removes them. */
export type SliceLines = AsyncDisposable & {
  /** Adds bodies of entries. @returns their size in bytes */
  add(bodies: readonly string[]): Promise<number>;
  /** A query for the records; no more are added after it. @param parallel whether several threads may read */
  query(parallel: boolean): Promise<string>;
};

/** Lines in a CSV file. */
export class FileLines implements SliceLines {
  readonly #path: string;
  readonly #layout: Layout;
  #isEmpty = true;

  constructor(path: string, layout: Layout) {
    this.#path = path;
    this.#layout = layout;
  }

  async add(bodies: readonly string[]): Promise<number> {
    await using file = await open(this.#path, 'a');
    // The first line is skipped later on: at the beginning of a file, a byte order mark would not be read as text.
    const head = this.#isEmpty ? '\n' : '';
    this.#isEmpty = false;
    return (await file.write(head + bodies.join(''))).bytesWritten;
  }

  async query(parallel: boolean): Promise<string> {
    const columns = this.#layout.map(({ name, type }) => `${sqlString(name)}: '${duckDbTypes[type]}'`);
    return `SELECT * FROM read_csv(${sqlString(this.#path)},
    auto_detect = false, header = false, skip = 1, delim = ',', quote = '"', escape = '"', comment = '', nullstr = '',
    parallel = ${parallel}, columns = {${columns.join(', ')}})`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#path);
  }
}

const table = 'record lines';

/** Lines of a sealed dataset: a table, so that they do not lie on the disk in the clear. A DuckDB has one at a time. */
export class TableLines implements SliceLines {
  readonly #duckDb: DuckDb;
  readonly #layout: Layout;
  #rows: RowSink | undefined;

  private constructor(duckDb: DuckDb, layout: Layout, rows: RowSink) {
    this.#duckDb = duckDb;
    this.#layout = layout;
    this.#rows = rows;
  }

  static async create(duckDb: DuckDb, layout: Layout): Promise<TableLines> {
    const names = layout.map(({ name }) => name);
    return new TableLines(duckDb, layout, await createRowTable(duckDb, table, names));
  }

  async add(bodies: readonly string[]): Promise<number> {
    let bytes = 0;
    for (const body of bodies) {
      await this.#rows?.add(decodeLines(body));
      bytes += Buffer.byteLength(body);
    }
    return bytes;
  }

  async query(): Promise<string> {
    await this.#rows?.[Symbol.asyncDispose]();
    this.#rows = undefined;
    const columns = this.#layout.map(({ name, type }) => `${sqlName(name)}::${duckDbTypes[type]} AS ${sqlName(name)}`);
    return `SELECT ${columns.join(', ')} FROM ${sqlName(table)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#duckDb.run(`DROP TABLE IF EXISTS ${sqlName(table)}`);
  }
}
