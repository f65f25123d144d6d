import type { DatasetSchema, Field } from '../../data/dataset-schema.ts';
import type { DuckDb } from '../../data/engine/duckdb.ts';
import type { Cell, ColumnKind, Metadata } from '../../learn/features/column.ts';
import type { TrainingInput } from '../../learn/training/training.ts';
import { type KindOfField, readItemColumns } from '../../learn/training-set/metadata.ts';

/** What the items file says of the items, as it stands there: a row for each, in their order. */
export type ItemRecords = {
  readonly schema: DatasetSchema;
  /** Names of the columns that the rows have. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

const kindOf = ({ name, type, categorical, textual, isItemName }: Field): ColumnKind | undefined => {
  if (name === 'ITEM_ID' || type === 'boolean') return undefined;
  if (type !== 'string') return 'numeric';
  return categorical ? 'categorical' : textual || isItemName ? 'textual' : undefined;
};

/** @param input the items file; the table `items` (id, index) says which rows there are */
export async function readItemRecords(
  duckDb: DuckDb,
  input: TrainingInput | undefined,
): Promise<ItemRecords | undefined> {
  const metadata = input && (await readItemColumns(duckDb, input, kindOf, 'items'));
  if (!input || !metadata) return undefined;
  const rows: (readonly Cell[])[] = [];
  for await (const cells of metadata.rows(1)) rows.push(cells);
  return { schema: input.schema, columns: metadata.columns.map(({ name }) => name), rows };
}

/** The columns that a recipe reads as they are. */
export function metadataOf({ schema, columns, rows }: ItemRecords, read: KindOfField): Metadata {
  const wanted = schema.fields.flatMap((field) => {
    const kind = read(field);
    return kind === undefined || !columns.includes(field.name) ? [] : [{ name: field.name, kind }];
  });
  const positions = wanted.map(({ name }) => columns.indexOf(name));
  return {
    columns: wanted,
    rowCount: rows.length,
    async *rows(every) {
      for (let row = 0; row < rows.length; row += every) yield positions.map((position) => rows[row][position]);
    },
  };
}
