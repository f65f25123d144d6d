import type { Field } from '../../data/dataset-schema.ts';
import { type DuckDb, sqlName } from '../../data/engine/duckdb.ts';
import { columnsIn, orderedRows } from '../../data/engine/parquet-files.ts';
import type { Cell, ColumnKind, FeatureColumn, Metadata } from '../features/column.ts';
import type { TrainingInput } from '../training/training.ts';

/**
 * Columns that do not train: ids, and the moment at which an item was added, which is that of the newest items wherever
 * there are few interactions and so says something about the data, not the item.
 */
const notLearnt = [
  ...['USER_ID', 'ITEM_ID', 'ACTION_ID', 'CREATION_TIMESTAMP'],
  // How long and how often an action is recommended, which decides about no user.
  ...['EXPIRATION_TIMESTAMP', 'ACTION_EXPIRATION_TIMESTAMP', 'REPEAT_FREQUENCY'],
];
/** A text that fewer of the records have does not train (spec training.md §6.1). */
const leastFilled = 0.85;
/** Of a text, so much is read. */
export const mostCharacters = 2000;

/** Which fields are read, and as what kind. */
export type KindOfField = (field: Field) => ColumnKind | undefined;

/** What features are made of a field; nothing for those that do not train (spec datasets.md §2.2). */
function featureKind({ name, type, categorical, textual }: Field): ColumnKind | undefined {
  if (notLearnt.includes(name) || type === 'boolean') return undefined;
  if (type !== 'string') return 'numeric';
  return categorical ? 'categorical' : textual ? 'textual' : undefined;
}

/** The users or items whose metadata is read, and the dataset that it is in. */
type Wanted = {
  /** A table (id, index). */
  readonly table: string;
  readonly idColumn: 'USER_ID' | 'ITEM_ID' | 'ACTION_ID';
  readonly input: TrainingInput | undefined;
};

/**
 * What features are made of: texts are left out that too few of the records have.
 *
 * @returns nothing if there is none to learn from
 */
export const readMetadata = (
  duckDb: DuckDb,
  table: string,
  idColumn: Wanted['idColumn'],
  input: TrainingInput | undefined,
): Promise<Metadata | undefined> => readColumns(duckDb, { table, idColumn, input }, featureKind, leastFilled);

/**
 * The columns of items that a recipe reads as they are. @returns nothing if there are none
 *
 * @param table as of `readMetadata`
 */
export const readItemColumns = (
  duckDb: DuckDb,
  input: TrainingInput | undefined,
  kindOf: KindOfField,
  table = 'catalogue',
): Promise<Metadata | undefined> =>
  readColumns(duckDb, { table, idColumn: 'ITEM_ID', input }, kindOf, 0, 'as_they_are');

/**
 * The metadata of what the table lists, in order of index: of each id the newest record, a later file's
 * before an earlier one's. It can be read as long as the DuckDB is open.
 *
 * @param filled the least share of the records that must have a text
 * @param suffix makes the names of tables different from those of another reading
 */
async function readColumns(
  duckDb: DuckDb,
  { table, idColumn, input }: Wanted,
  kindOf: KindOfField,
  filled: number,
  suffix = 'features',
): Promise<Metadata | undefined> {
  if (input === undefined || input.files.length === 0) return undefined;
  const records = `${table}_records`;
  const found = await createRecords(duckDb, records, idColumn, input, kindOf);
  const columns = filled > 0 ? await filledColumns(duckDb, records, found, filled) : found;
  if (columns.length === 0) return undefined;
  const values = columns.map(({ alias }) => alias).join(', ');
  const metadata = `${table}_${suffix}`;
  await duckDb.run(
    `CREATE TABLE ${metadata} AS
     SELECT ${table}.index, ${values} FROM ${table} LEFT JOIN ${records} USING (id) ORDER BY ${table}.index`,
  );
  await duckDb.run(`DROP TABLE ${records}`);
  const rowCount = await duckDb.count(`FROM ${table}`);
  return {
    columns,
    rowCount,
    async *rows(every) {
      // A table is read in the order in which it was written.
      const query = `SELECT ${values} FROM ${metadata} WHERE index % ${every} = 0`;
      for await (const chunk of duckDb.stream(query, Math.ceil(rowCount / every))) {
        const vectors = columns.map((_, n) => chunk.getColumnVector(n));
        for (let row = 0; row < chunk.rowCount; row++) yield vectors.map((vector) => cellOf(vector.getItem(row)));
      }
    },
  };
}

type Column = FeatureColumn & { readonly alias: string };

/** Creates the table `records` of the newest record of each id. @returns the columns that are read, as it names them */
async function createRecords(
  duckDb: DuckDb,
  records: string,
  idColumn: string,
  { schema, files }: TrainingInput,
  kindOf: KindOfField,
): Promise<Column[]> {
  // A column that was added to the schema may not have been imported yet.
  const present = await columnsIn(duckDb, files);
  const found = schema.fields.flatMap((field) => {
    const kind = present.has(field.name) ? kindOf(field) : undefined;
    return kind === undefined ? [] : [{ name: field.name, kind }];
  });
  if (found.length === 0) return [];
  const columns = found.map((column, n) => ({ ...column, alias: `column_${n}` }));
  await duckDb.run(
    `CREATE TABLE ${records} AS
     SELECT ${sqlName(idColumn)} AS id, ${columns.map((column) => `${valueIn(column)} AS ${column.alias}`).join(', ')}
     FROM ${orderedRows(files)}
     QUALIFY row_number() OVER (PARTITION BY ${sqlName(idColumn)} ORDER BY "$order" DESC) = 1`,
  );
  return columns;
}

/** The columns but for texts that fewer of the records have. */
async function filledColumns(
  duckDb: DuckDb,
  records: string,
  columns: readonly Column[],
  least: number,
): Promise<Column[]> {
  if (columns.length === 0) return [];
  const shares = columns.map(({ alias }) => `count(*) FILTER (${alias}::VARCHAR <> '') / count(*)`);
  const filled = await duckDb.numbers(`SELECT ${shares.join(', ')} FROM ${records}`);
  return columns.filter(({ kind }, n) => kind !== 'textual' || filled[n] >= least);
}

/** A column as it is read. */
export const valueIn = ({ name, kind }: FeatureColumn): string =>
  kind === 'numeric'
    ? `${sqlName(name)}::DOUBLE`
    : kind === 'textual'
      ? `trim(left(${sqlName(name)}, ${mostCharacters}))`
      : sqlName(name);

const cellOf = (value: unknown): Cell => (typeof value === 'string' || typeof value === 'number' ? value : null);
