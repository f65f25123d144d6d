import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../util/progress.ts';
import type { Field } from '../dataset-schema.ts';
import { type DuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { ObjectStoreError } from '../objects/object-store.ts';
import { type ExportFolder, partName, surplusParts } from './export-location.ts';
import { widthOf } from './export-query.ts';

type PartsOptions = {
  readonly duckDb: DuckDb;
  /** Its columns are `c0`, `c1` and so on, those of the schema. */
  readonly table: string;
  readonly fields: readonly Pick<Field, 'name' | 'type'>[];
  readonly folder: ExportFolder;
  /** What the names of the files have before their number. */
  readonly name: string;
  /** Each part is made here, then moved to its place. */
  readonly workFolder: string;
  /** Largest size of a part, unless a block of rows has more. */
  readonly partBytes: number;
};

/** Positions in the table, the last one included. */
type RowRange = { readonly first: number; readonly last: number };

/** Rows whose sizes are added up at a time, as many as DuckDB handles together. */
const blockRows = 2048;

/** Writes the rows of a table as CSV files of bounded size, in order. */
export class CsvParts {
  readonly #options: PartsOptions;

  constructor(options: PartsOptions) {
    this.#options = options;
  }

  /**
   * Writes all parts, then empties those that a longer export has left in the folder.
   *
   * @param rows of the table
   * @returns how many parts there are, at least one
   * @throws ObjectStoreError, with what has been left in the folder
   */
  async write(rows: number, { signal, report }: Progress): Promise<number> {
    const { folder, name, workFolder } = this.#options;
    const ranges = await this.#ranges(rows, signal);
    const written: string[] = [];
    try {
      for (const [index, range] of ranges.entries()) {
        report(index / ranges.length, 'writing');
        const path = join(workFolder, partName(name, index + 1));
        await this.#make(path, range, signal);
        const key = folder.prefix + partName(name, index + 1);
        await folder.store.adopt(key, path);
        written.push(key);
      }
      for (const key of await surplusParts(folder, name, ranges.length)) await folder.store.write(key, this.#header());
      return ranges.length;
    } catch (error) {
      signal.throwIfAborted();
      throw await this.#withdraw(written, error);
    }
  }

  /** Rows of consecutive parts: blocks go together as long as they fit. */
  async #ranges(rows: number, signal: AbortSignal): Promise<RowRange[]> {
    const { duckDb, table, fields, partBytes } = this.#options;
    const blocks = `SELECT rowid // ${blockRows} AS block, sum(${widthOf(fields)}) AS bytes FROM ${table} GROUP BY ALL`;
    const found = await duckDb.run(
      `SELECT min(block)::DOUBLE AS first, max(block)::DOUBLE AS last FROM (
         SELECT block, (sum(bytes) OVER (ORDER BY block) - bytes) // ${partBytes} AS part FROM (${blocks}))
       GROUP BY part ORDER BY part`,
      signal,
    );
    if (found.length === 0) return [{ first: 0, last: -1 }];
    return found.map(({ first, last }) => ({
      first: Number(first) * blockRows,
      last: Math.min((Number(last) + 1) * blockRows, rows) - 1,
    }));
  }

  async #make(path: string, { first, last }: RowRange, signal: AbortSignal): Promise<void> {
    const { duckDb, table, fields } = this.#options;
    if (last < first) return await writeFile(path, this.#header());
    const columns = fields.map(({ name }, index) => `c${index} AS ${sqlName(name)}`).join(', ');
    const [result] = await duckDb.run(
      `COPY (SELECT ${columns} FROM ${table} WHERE rowid BETWEEN ${first} AND ${last}) TO ${sqlString(path)} (
         FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', USE_TMP_FILE false)`,
      signal,
    );
    const rows = last - first + 1;
    if (Number(result?.Count) !== rows) throw new Error(`DuckDB has written ${result?.Count} of ${rows} rows.`);
  }

  #header(): string {
    return `${this.#options.fields.map(({ name }) => name).join(',')}\n`;
  }

  /** Removes what was written of an export that has failed. @returns its error, which says what could not be removed */
  async #withdraw(written: readonly string[], error: unknown): Promise<unknown> {
    const left: string[] = [];
    const { store } = this.#options.folder;
    for (const key of written) await store.remove(key).catch(() => left.push(store.location(key)));
    if (left.length === 0 || !(error instanceof ObjectStoreError)) return error;
    const sentence = `${error.message} The export has left ${left.length} of its files, from ${left[0]} on: remove them.`;
    return new ObjectStoreError(error.reason, sentence, { cause: error });
  }
}
