import type { Field } from '../../data/dataset-schema.ts';
import { type DuckDb, sqlName } from '../../data/engine/duckdb.ts';
import { columnsIn, orderedRows } from '../../data/engine/parquet-files.ts';
import type { Cell, ColumnKind, FeatureColumn, Metadata } from '../features/column.ts';
import type { TrainingInput } from '../training/training.ts';

/**
 * Columns that do not train: ids, and the moment at which an item was added, which is that of the newest items wherever
 * there are few interactions and so says something about the data, not the item.
 */
const notLearnt = ['USER_ID', 'ITEM_ID', 'CREATION_TIMESTAMP'];
/** A text that fewer of the records have does not train (spec training.md §6.1). */
const leastFilled = 0.85;
/** Of a text, so much is read. */
const mostCharacters = 2000;

/** What is made of a field; nothing for those that do not train (spec datasets.md §2.2). */
function kindOf({ name, type, categorical, textual }: Field): ColumnKind | undefined {
  if (notLearnt.includes(name) || type === 'boolean') return undefined;
  if (type !== 'string') return 'numeric';
  return categorical ? 'categorical' : textual ? 'textual' : undefined;
}

/**
 * The metadata of what `table` (id, index) lists, in order of index: of each id the newest record, a later file's
 * before an earlier one's. It can be read as long as the DuckDB is open.
 *
 * @returns nothing if there is none to learn from
 */
export async function readMetadata(
  duckDb: DuckDb,
  table: string,
  idColumn: 'USER_ID' | 'ITEM_ID',
  input: TrainingInput | undefined,
): Promise<Metadata | undefined> {
  if (input === undefined || input.files.length === 0) return undefined;
  const records = `${table}_records`;
  const columns = await createRecords(duckDb, records, idColumn, input);
  if (columns.length === 0) return undefined;
  const values = columns.map(({ alias }) => alias).join(', ');
  const metadata = `${table}_metadata`;
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

/**
 * Creates the table `records` of the newest record of each id. @returns the columns that train, with their names in it
 */
async function createRecords(
  duckDb: DuckDb,
  records: string,
  idColumn: string,
  { schema, files }: TrainingInput,
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
  const shares = columns.map(({ alias }) => `count(*) FILTER (${alias}::VARCHAR <> '') / count(*)`);
  const filled = await duckDb.numbers(`SELECT ${shares.join(', ')} FROM ${records}`);
  return columns.filter(({ kind }, n) => kind !== 'textual' || filled[n] >= leastFilled);
}

const valueIn = ({ name, kind }: FeatureColumn) =>
  kind === 'numeric'
    ? `${sqlName(name)}::DOUBLE`
    : kind === 'textual'
      ? `trim(left(${sqlName(name)}, ${mostCharacters}))`
      : sqlName(name);

const cellOf = (value: unknown): Cell => (typeof value === 'string' || typeof value === 'number' ? value : null);
