import { mkdir } from 'node:fs/promises';
import type { DatasetSchema } from '../dataset-schema.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { columnsIn, orderedRows, parquetFiles } from '../engine/parquet-files.ts';

/** Metadata as text by column. */
export type ItemRecord = ReadonlyMap<string, string>;

export type ItemRecordsRequest = {
  /** Parquet files of the Items dataset, oldest first. */
  readonly files: readonly FilePath[];
  readonly schema: DatasetSchema;
  readonly temporaryFolder: string;
};

/** Records of some items, which can be read more than once while their `ItemRecords` is open. */
export type RecordSample = {
  readonly rowCount: number;
  rows(): AsyncIterable<readonly [id: string, record: ItemRecord]>;
};

const memoryBytes = 2 ** 29;
/** Of a text, so much is read. */
const mostCharacters = 2000;

/** Reads what an Items dataset says of some items, from its files. */
export class ItemRecords implements Disposable {
  readonly #duckDb: DuckDb;
  readonly #files: readonly FilePath[];
  readonly #columns: readonly string[];

  private constructor(duckDb: DuckDb, files: readonly FilePath[], columns: readonly string[]) {
    this.#duckDb = duckDb;
    this.#files = files;
    this.#columns = columns;
  }

  static async open({ files, schema, temporaryFolder }: ItemRecordsRequest): Promise<ItemRecords> {
    await mkdir(temporaryFolder, { recursive: true });
    // One thread: answers do not wait for it, and need the others.
    const duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
    try {
      const present = await columnsIn(duckDb, files);
      const columns = schema.fields.map(({ name }) => name).filter((name) => name !== 'ITEM_ID' && present.has(name));
      return new ItemRecords(duckDb, files, columns);
    } catch (error) {
      duckDb[Symbol.dispose]();
      throw error;
    }
  }

  /** The newest record of each item that has one. */
  async of(ids: Iterable<string>): Promise<ReadonlyMap<string, ItemRecord>> {
    const list = Array.from(new Set(ids), sqlString).join(', ');
    if (list === '') return new Map();
    const values = this.#columns.map(
      (name, n) => `, left(${sqlName(name)}::VARCHAR, ${mostCharacters}) AS column_${n}`,
    );
    // Files and their rows are read in their order; a later record of an item replaces an earlier one.
    const rows = await this.#duckDb.run(
      `SELECT ITEM_ID AS id ${values.join('')} FROM ${parquetFiles(this.#files)} WHERE ITEM_ID IN (${list})`,
    );
    const cells = (row: (typeof rows)[number]) => this.#columns.map((_, n) => row[`column_${n}`]);
    return new Map(rows.map((row) => [String(row.id), recordOf(this.#columns, cells(row))]));
  }

  /**
   * The newest records of up to `most` items, which have nothing to do with the order of the data: those whose ids have
   * the least MD5 digests, so that the same data has the same sample.
   */
  async sample(most: number): Promise<RecordSample> {
    const values = this.#columns.map(
      (name, n) => `, left(${sqlName(name)}::VARCHAR, ${mostCharacters}) AS column_${n}`,
    );
    await this.#duckDb.run(
      `CREATE OR REPLACE TABLE item_sample AS
       SELECT ITEM_ID AS id ${values.join('')} FROM ${orderedRows(this.#files)}
       SEMI JOIN (SELECT DISTINCT ITEM_ID FROM ${parquetFiles(this.#files)} ORDER BY md5(ITEM_ID), ITEM_ID LIMIT ${most})
         USING (ITEM_ID)
       QUALIFY row_number() OVER (PARTITION BY ITEM_ID ORDER BY "$order" DESC) = 1
       ORDER BY md5(id), id`,
    );
    const rowCount = await this.#duckDb.count('FROM item_sample');
    const duckDb = this.#duckDb;
    const columns = this.#columns;
    return {
      rowCount,
      async *rows() {
        for await (const chunk of duckDb.stream('FROM item_sample', rowCount)) {
          for (const [id, ...cells] of chunk.getRows()) {
            yield [String(id), recordOf(columns, cells)];
          }
        }
      },
    };
  }

  [Symbol.dispose](): void {
    this.#duckDb[Symbol.dispose]();
  }
}

const recordOf = (columns: readonly string[], cells: readonly unknown[]): ItemRecord =>
  new Map(
    columns.flatMap((name, n) => {
      const value = cells[n];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );

/** The column that has the names of items: the one that the schema marks, or one of a usual name. */
export const titleColumn = ({ fields }: DatasetSchema): string | undefined => {
  const texts = fields.filter(({ type }) => type === 'string');
  const named = usualNames.flatMap((name) => texts.filter((field) => field.name.toUpperCase() === name));
  return (fields.find(({ isItemName }) => isItemName) ?? named[0])?.name;
};

const usualNames = ['TITLE', 'NAME', 'ITEM_NAME', 'PRODUCT_NAME'];
