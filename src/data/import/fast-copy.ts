import { type FilePath, pathOf } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { compressedEncryptionOption } from '../engine/parquet-encryption.ts';
import { createRowTable, type RowSink } from '../engine/row-table.ts';
import { type ColumnRule, sqlValue } from './column-rule.ts';
import type { CsvGroup, ReadableFile } from './csv-group.ts';
import { isDiskFull } from './import-error.ts';

/** Format of the Parquet files that imports write, in their key-value metadata. */
export const parquetFormat = 1;

/** What DuckDB may hold; the process as a whole stays under 2 GiB with it. */
const memoryBytes = 2 ** 30;

/** Has DuckDB turn CSV files into Parquet, their columns named and typed by rules, their rows in the files' order. */
export class FastCopier implements Disposable {
  readonly #temporaryFolder: string;
  #duckdb: DuckDb | undefined;

  constructor(temporaryFolder: string) {
    this.#temporaryFolder = temporaryFolder;
  }

  /**
   * DuckDB takes a line break within quotes as part of a value, and its parallel reader (1.5) silently drops rows in
   * rare cases: a last line longer than its buffers, and, with small buffers, a line that ends where a buffer does. So
   * the caller must count the lines, and take the copy only if each has become one row.
   *
   * @returns the number of rows; undefined if DuckDB refused a file, which may be in order all the same.
   */
  async copy(
    group: CsvGroup,
    rules: readonly ColumnRule[],
    target: FilePath,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<number | undefined> {
    try {
      this.#duckdb ??= await openDuckDb({ memoryBytes, temporaryFolder: this.#temporaryFolder });
      await this.#duckdb.use([target]);
      const [result] = await this.#duckdb.run(copyStatement(group, rules, target), signal, onProgress);
      return Number(result?.Count);
    } catch (error) {
      // Some broken files make it fail in a way that leaves it unusable.
      this[Symbol.dispose]();
      if (signal.aborted || isDiskFull(error)) throw error;
      return undefined;
    }
  }

  /** A table for rows that `copyRows` copies; `target` is where to. */
  async rows(columns: readonly string[], target: FilePath): Promise<RowSink> {
    this.#duckdb ??= await openDuckDb({ memoryBytes, temporaryFolder: this.#temporaryFolder });
    await this.#duckdb.use([target]);
    return await createRowTable(this.#duckdb, rowTable, columns);
  }

  /** @returns the number of rows @throws what DuckDB does */
  async copyRows(rules: readonly ColumnRule[], target: FilePath, signal: AbortSignal): Promise<number> {
    if (!this.#duckdb) throw new Error('There are no rows to copy.');
    const values = rules.map((rule) => sqlValue(rule, sqlName(rule.field.name)));
    const source = `SELECT ${values.join(', ')} FROM ${sqlName(rowTable)}`;
    const [result] = await this.#duckdb.run(copyTo(source, target), signal);
    await this.#duckdb.run(`DROP TABLE ${sqlName(rowTable)}`);
    return Number(result?.Count);
  }

  [Symbol.dispose](): void {
    this.#duckdb?.[Symbol.dispose]();
    this.#duckdb = undefined;
  }
}

function copyStatement({ files, columns }: CsvGroup, rules: readonly ColumnRule[], target: FilePath): string {
  const [first] = files;
  if (first === undefined) throw new Error('A group of CSV files without a file cannot be copied.');
  const values = rules.map((rule, index) => sqlValue(rule, `c${columns[index]}`));
  const ignored = [...first.header.keys()].filter((index) => !columns.includes(index));
  // Always true. It has DuckDB read all columns: where it may skip some, it sees less of what is wrong with a line.
  const where = ['true', ...ignored.map((index) => `coalesce(strlen(c${index}), 0) >= 0`)].join(' AND ');
  return copyTo(`SELECT ${values.join(', ')} FROM ${readCsv(files, first)} WHERE ${where}`, target);
}

const rowTable = 'clean rows';

const copyTo = (source: string, target: FilePath): string => `
    COPY (${source})
    TO ${sqlString(pathOf(target))} (
      FORMAT parquet,
      -- Ids rarely repeat often enough within a row group for a dictionary to be worth its time.
      DICTIONARY_SIZE_LIMIT 1000,
      WRITE_BLOOM_FILTER false,
      KV_METADATA {'openpersonalize.format': '${parquetFormat}'}${compressedEncryptionOption(target)}
    )`;

function readCsv(files: readonly ReadableFile[], { gzipped, dialect, header }: ReadableFile): string {
  return `read_csv([${files.map(({ path }) => sqlString(path)).join(', ')}],
    auto_detect = false, header = false, skip = 1,
    delim = ',', quote = '"', escape = '${dialect === 'doubled' ? '"' : '\\'}', comment = '', nullstr = '',
    compression = '${gzipped ? 'gzip' : 'none'}',
    columns = {${header.map((_, index) => `c${index}: 'VARCHAR'`).join(', ')}})`;
}
