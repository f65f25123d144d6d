import type { CsvFile } from './csv-file.ts';
import type { Dialect } from './line-reading.ts';

/** A CSV file and how its lines are read that could be read in either dialect. */
export type ReadableFile = CsvFile & { readonly bytes: number; readonly dialect: Dialect };

/** Files that follow one another and are read together, since all that a reader has to know of them is the same. */
export type CsvGroup = {
  readonly files: readonly ReadableFile[];
  /** Which column of a line each field of the schema is. */
  readonly columns: readonly number[];
};

/**
 * Small files come together up to so many bytes: a file of its own costs DuckDB ten milliseconds, and answers more
 * later.
 */
const groupBytes = 64 * 2 ** 20;
const groupFiles = 1000;

/** Whether `file` can be read together with the files of a group. */
export function belongsTo({ files }: CsvGroup, file: ReadableFile): boolean {
  const [first] = files;
  if (first === undefined) return true;
  const bytes = files.reduce((sum, other) => sum + other.bytes, file.bytes);
  return (
    bytes <= groupBytes &&
    files.length < groupFiles &&
    first.gzipped === file.gzipped &&
    first.dialect === file.dialect &&
    first.header.length === file.header.length &&
    first.header.every((name, index) => name === file.header[index])
  );
}
