import { mkdir, readFile, stat } from 'node:fs/promises';
import { type DatasetSchema, type Field, parseDatasetSchema } from '../../data/dataset-schema.ts';
import { openDuckDb, sqlName, sqlString } from '../../data/engine/duckdb.ts';
import { convertAll } from '../../data/import/conversion.ts';
import { readHeader } from '../../data/import/csv-file.ts';
import { ImportError } from '../../data/import/import-error.ts';
import type { TrainingInput } from '../../learn/training/training.ts';
import type { Progress } from '../../util/progress.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { checkFile, localCopy } from './parquet.ts';

export type MetadataFile = {
  readonly path: string;
  /** An Avro schema, as CreateSchema takes it; without, the values tell what kind each column is of. */
  readonly schema?: string | undefined;
};

/**
 * Turns a CSV file of items or users (plain or .gz) into Parquet in `folder`, by the importer of the service.
 *
 * @throws EvaluationError naming the file and what is wrong with it
 */
export async function metadataInput(
  { path, schema: schemaPath }: MetadataFile,
  idColumn: 'ITEM_ID' | 'USER_ID',
  folder: string,
  progress: Progress,
): Promise<TrainingInput> {
  await checkFile(path);
  await mkdir(folder, { recursive: true });
  try {
    const header = await readHeader(path, path);
    if (!header.includes(idColumn)) {
      throw new EvaluationError(`${path} has no column ${idColumn}: its first line must name it.`);
    }
    const given = schemaPath === undefined ? undefined : await readSchema(schemaPath);
    const schema = given ?? { fields: header.map((name) => textField(name, idColumn)) };
    const source = { uri: path, bytes: (await stat(path)).size, open: async () => localCopy(path) };
    const type = idColumn === 'ITEM_ID' ? 'ITEMS' : 'USERS';
    const converted = await convertAll([source], { schema, type, badRows: 0 }, folder, progress);
    const files = converted.files.map((file) => file.path);
    return given ? { schema, files } : { schema: await inferSchema(files, header, idColumn, folder), files };
  } catch (error) {
    if (error instanceof ImportError) throw new EvaluationError(error.message, { cause: error });
    throw error;
  }
}

async function readSchema(path: string): Promise<DatasetSchema> {
  await checkFile(path);
  try {
    return parseDatasetSchema(await readFile(path, 'utf8')).schema;
  } catch (error) {
    throw new EvaluationError(`${path} is no schema. ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Any text, of the greatest length that there is. */
const textField = (name: string, idColumn: string): Field => ({
  name,
  type: 'string',
  nullable: name !== idColumn,
  categorical: false,
  textual: name !== idColumn,
});

/**
 * Values joined by a bar in so many of them are lists; and words are no text that so few of are different, or so short.
 */
const fewestLists = 0.1;
const mostDifferent = 0.5;
const longestValue = 100;

/**
 * Numbers, if every value is one; categories, if values are lists, or short and many of them the same; text otherwise.
 */
async function inferSchema(
  files: readonly string[],
  header: readonly string[],
  idColumn: string,
  folder: string,
): Promise<DatasetSchema> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 30, temporaryFolder: folder });
  const fields: Field[] = [];
  for (const name of header) {
    const plain = { name, nullable: name !== idColumn, categorical: false, textual: false };
    if (name === idColumn) {
      fields.push({ ...plain, type: 'string' });
      continue;
    }
    const column = sqlName(name);
    const [facts] = await duckDb.run(
      `SELECT bool_and(TRY_CAST(${column} AS DOUBLE) IS NOT NULL) AS numeric,
              avg((${column} LIKE '%|%')::INTEGER) AS lists, avg(length(${column})) AS length,
              (count(DISTINCT ${column}) / count(${column})) AS different
       FROM read_parquet([${files.map(sqlString).join(', ')}]) WHERE ${column} <> ''`,
    );
    const { numeric, lists, length, different } = facts ?? {};
    const isCategory =
      Number(lists) >= fewestLists || (Number(different) <= mostDifferent && Number(length) <= longestValue);
    if (numeric === true) fields.push({ ...plain, type: 'double' });
    else fields.push({ ...plain, type: 'string', categorical: isCategory, textual: !isCategory });
  }
  return { fields };
}
