import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field } from '../../data/dataset-schema.ts';
import type { FieldType } from '../../data/dataset-types.ts';
import { convertAll } from '../../data/import/conversion.ts';
import { readHeader } from '../../data/import/csv-file.ts';
import { ImportError } from '../../data/import/import-error.ts';
import type { Progress } from '../../util/progress.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { adjacencyListToCsv } from './adjacency-list.ts';

/** The columns that the evaluation reads. */
const columnTypes = {
  USER_ID: 'string',
  ITEM_ID: 'string',
  TIMESTAMP: 'long',
  EVENT_TYPE: 'string',
  EVENT_VALUE: 'double',
} as const satisfies Readonly<Record<string, FieldType>>;

export type ParquetColumn = keyof typeof columnTypes;

/** A file as Parquet, its rows in order, with those of the columns asked for that it has. */
export type ParquetFile = { readonly path: string; readonly columns: readonly ParquetColumn[] };

export type ColumnRequest = {
  readonly required: readonly ParquetColumn[];
  /** Read where the file has them. */
  readonly optional?: readonly ParquetColumn[];
};

/**
 * Turns a CSV file (.csv, .csv.gz), or an adjacency list (.txt, .txt.gz), into Parquet in `folder`, by the importer of
 * the service: every value is checked, and none may be bad, or figures of the same file would differ in what they leave
 * out.
 *
 * @throws EvaluationError naming the file and what is wrong with it
 */
export async function toParquet(
  path: string,
  { required, optional = [] }: ColumnRequest,
  folder: string,
  progress: Progress,
): Promise<ParquetFile> {
  await checkFile(path);
  try {
    await mkdir(folder, { recursive: true });
    const csv = /\.txt(\.gz)?$/.test(path) ? join(folder, 'list.csv') : path;
    if (csv !== path) await adjacencyListToCsv(path, csv);
    const header = await readHeader(csv, path);
    const missing = required.filter((column) => !header.includes(column));
    if (missing.length > 0) {
      throw new EvaluationError(
        `${path} has no column ${missing.join(', ')}: its first line must name ${required.join(', ')}, and is "${header.join(',').slice(0, 200)}".`,
      );
    }
    const columns = [...required, ...optional.filter((column) => header.includes(column))];
    const source = { uri: path, bytes: (await stat(csv)).size, open: async () => localCopy(csv) };
    const table = { schema: { fields: columns.map(field) }, type: 'INTERACTIONS', badRows: 0 } as const;
    const {
      files: [file],
    } = await convertAll([source], table, folder, progress);
    return { path: file.path, columns };
  } catch (error) {
    if (error instanceof ImportError) throw new EvaluationError(error.message, { cause: error });
    throw error;
  }
}

/** @throws EvaluationError if there is no such file */
export async function checkFile(path: string): Promise<void> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new EvaluationError(`There is no file ${path}.`);
    throw new EvaluationError(`${path} cannot be read: ${error.message}.`, { cause: error });
  });
  if (!facts.isFile()) throw new EvaluationError(`${path} is not a file: name a CSV file, plain or .gz.`);
}

/** The file itself, which stays. */
export const localCopy = (path: string) => ({ path, [Symbol.asyncDispose]: async () => {} });

/** The field of an interaction's column. */
export const field = (name: ParquetColumn): Field => ({
  name,
  type: columnTypes[name],
  nullable: name === 'EVENT_VALUE' || name === 'EVENT_TYPE',
  categorical: false,
  textual: false,
});
