import { open } from 'node:fs/promises';
import type { DatasetSchema } from '../dataset-schema.ts';
import { type DuckDb, sqlString } from '../duckdb.ts';
import { columnRule, sqlValue } from './column-rule.ts';
import type { CsvFile } from './csv-file.ts';
import { isDiskFull } from './import-error.ts';

/** Format of the Parquet files that imports write, in their key-value metadata. */
export const parquetFormat = 1;

/**
 * Has DuckDB turn a CSV file into Parquet, its columns named and typed as the schema's, its rows in the file's order.
 *
 * @returns the number of rows; undefined if DuckDB refused the file, which may be in order all the same.
 */
export async function fastCopy(
  duckdb: DuckDb,
  file: CsvFile,
  schema: DatasetSchema,
  target: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<number | undefined> {
  if (!file.gzipped && !(await endsInShortLine(file.path))) return undefined;
  try {
    const [result] = await duckdb.run(copyStatement(file, schema, target), signal, onProgress);
    return Number(result?.Count);
  } catch (error) {
    if (signal.aborted || isDiskFull(error)) throw error;
    return undefined;
  }
}

function copyStatement(file: CsvFile, schema: DatasetSchema, target: string): string {
  const column = (name: string) => `c${file.header.indexOf(name)}`;
  const values = schema.fields.map((field) => sqlValue(columnRule(field), column(field.name)));
  const used = new Set(schema.fields.map((field) => column(field.name)));
  const ignored = file.header.map((_, index) => `c${index}`).filter((name) => !used.has(name));
  const broken = ignored.map((name) => `contains(${name}, chr(10))`).join(' OR ');
  // Nothing of ignored columns counts but that they, too, keep to their line.
  const where = broken === '' ? '' : `WHERE CASE WHEN ${broken} THEN CAST(error('rule') AS BOOLEAN) ELSE true END`;
  return `
    COPY (SELECT ${values.join(', ')} FROM ${readCsv(file)} ${where})
    TO ${sqlString(target)} (
      FORMAT parquet,
      -- Ids rarely repeat often enough within a row group for a dictionary to be worth its time.
      DICTIONARY_SIZE_LIMIT 1000,
      WRITE_BLOOM_FILTER false,
      KV_METADATA {'openpersonalize.format': '${parquetFormat}'}
    )`;
}

/** The longest line that DuckDB takes by default, in bytes. */
const maxLineBytes = 2_097_152;

/**
 * Whether the last line of the file is short. Reading in parallel, DuckDB 1.5 silently drops a last line that is longer
 * than its buffers (32 MB), as if it were not there; longer lines elsewhere it refuses.
 */
async function endsInShortLine(path: string): Promise<boolean> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size <= maxLineBytes) return true;
  const { buffer: tail } = await file.read(Buffer.alloc(maxLineBytes), 0, maxLineBytes, size - maxLineBytes);
  let end = tail.length;
  while (end > 0 && isLineEnd(tail[end - 1])) end--;
  const lastLine = tail.subarray(0, end);
  return lastLine.includes(10) || lastLine.includes(13);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 10 || byte === 13;
}

function readCsv({ path, gzipped, dialect, header }: CsvFile): string {
  return `read_csv(${sqlString(path)},
    auto_detect = false, header = false, skip = 1,
    delim = ',', quote = '"', escape = '${dialect === 'doubled' ? '"' : '\\'}', comment = '', nullstr = '',
    compression = '${gzipped ? 'gzip' : 'none'}',
    -- What is said of the last line holds for gzipped files too, but their end cannot be looked at.
    parallel = ${!gzipped},
    columns = {${header.map((_, index) => `c${index}: 'VARCHAR'`).join(', ')}})`;
}
