import type { DatasetSchema } from '../dataset-schema.ts';
import { openDuckDb, sqlString } from '../duckdb.ts';
import { columnRule, sqlValue } from './column-rule.ts';
import { type CsvFile, countRows } from './csv-file.ts';
import { isDiskFull } from './import-error.ts';

/** Format of the Parquet files that imports write, in their key-value metadata. */
export const parquetFormat = 1;

/** What DuckDB may hold; the process as a whole stays under 2 GiB with it. */
const memoryBytes = 2 ** 30;

/**
 * Has DuckDB turn a CSV file into Parquet, its columns named and typed as the schema's, its rows in the file's order.
 *
 * DuckDB takes a line break within quotes as part of a value, and its parallel reader (1.5) silently drops rows in rare
 * cases: a last line longer than its buffers, and, with small buffers, a line that ends where a buffer does. So the lines
 * are counted beside it, and the copy is good only if each has become one row.
 *
 * @returns the number of rows; undefined if DuckDB refused the file or misread it, which may be in order all the same.
 */
export async function fastCopy(
  file: CsvFile,
  schema: DatasetSchema,
  target: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<number | undefined> {
  const copyEnded = new AbortController();
  const counted = countRows(file, AbortSignal.any([signal, copyEnded.signal]));
  // Awaited below only once the copy is good; what went wrong before matters more.
  counted.catch(() => {});
  // One for each file, as some broken files make it fail in a way that leaves it unusable.
  using duckdb = await openDuckDb({ memoryBytes, temporaryFolder: `${target}.tmp` });
  try {
    const [result] = await duckdb.run(copyStatement(file, schema, target), signal, onProgress);
    const rows = Number(result?.Count);
    return rows === (await counted) ? rows : undefined;
  } catch (error) {
    if (signal.aborted || isDiskFull(error)) throw error;
    return undefined;
  } finally {
    copyEnded.abort();
  }
}

function copyStatement(file: CsvFile, schema: DatasetSchema, target: string): string {
  const column = (name: string) => `c${file.header.indexOf(name)}`;
  const values = schema.fields.map((field) => sqlValue(columnRule(field), column(field.name)));
  const used = new Set(schema.fields.map((field) => column(field.name)));
  const ignored = file.header.map((_, index) => `c${index}`).filter((name) => !used.has(name));
  // Always true. It has DuckDB read all columns: where it may skip some, it sees less of what is wrong with a line.
  const where = ['true', ...ignored.map((name) => `coalesce(strlen(${name}), 0) >= 0`)].join(' AND ');
  return `
    COPY (SELECT ${values.join(', ')} FROM ${readCsv(file)} WHERE ${where})
    TO ${sqlString(target)} (
      FORMAT parquet,
      -- Ids rarely repeat often enough within a row group for a dictionary to be worth its time.
      DICTIONARY_SIZE_LIMIT 1000,
      WRITE_BLOOM_FILTER false,
      KV_METADATA {'openpersonalize.format': '${parquetFormat}'}
    )`;
}

function readCsv({ path, gzipped, dialect, header }: CsvFile): string {
  return `read_csv(${sqlString(path)},
    auto_detect = false, header = false, skip = 1,
    delim = ',', quote = '"', escape = '${dialect === 'doubled' ? '"' : '\\'}', comment = '', nullstr = '',
    compression = '${gzipped ? 'gzip' : 'none'}',
    columns = {${header.map((_, index) => `c${index}: 'VARCHAR'`).join(', ')}})`;
}
