import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { DatasetSchema } from '../dataset-schema.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName } from '../engine/duckdb.ts';
import { columnsIn, orderedRows, parquetFile, parquetFiles } from '../engine/parquet-files.ts';
import { shownItems } from '../records/impression.ts';

/** An item that is new, and the interactions with it. */
export type NewItem = {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** Its metadata as text by column, where it is not among the known items. */
  readonly metadata?: ReadonlyMap<string, string> | undefined;
  /** Interactions with it. */
  readonly successes: number;
  /**
   * Interactions that it would have had if users had chosen each item of a list alike; one for each interaction that
   * came from no known list.
   */
  readonly expected: number;
};

/** Parquet files of a dataset, oldest first. */
export type DatasetFiles = { readonly files: readonly FilePath[]; readonly schema: Pick<DatasetSchema, 'fields'> };

export type NewestItemsRequest = {
  readonly interactions: DatasetFiles;
  readonly items?: DatasetFiles | undefined;
  /**
   * A Parquet file whose column ID lists the items that are known: of these only those with few interactions are new.
   */
  readonly known: FilePath;
  /** How old an item may be when the newest interaction happens. */
  readonly seconds: number;
  readonly limit: number;
  /** Interactions of the future happen at this moment. */
  readonly now: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

export type NewestItems = {
  /** When the newest interaction happened; now where there is none. */
  readonly newest: number;
  /** Newest first; of those of one moment the one that came last. */
  readonly items: readonly NewItem[];
};

/**
 * With so many interactions the worth of an item is known (`cold_start_max_interactions` of aws-hrnn-coldstart, spec
 * recipes.md §4).
 */
export const fewInteractions = 15;

const memoryBytes = 2 ** 30;
const mostCharacters = 2000;
/** Rows that are converted without a pause: a few milliseconds. */
const rowsAtOnce = 256;

/**
 * The newest items, with their interactions and metadata. An item whose time of creation is not stated is as old as its
 * oldest interaction; without one it is new (spec datasets.md §5).
 */
export async function newestItems(request: NewestItemsRequest): Promise<NewestItems> {
  const { items, limit, now, seconds, signal, temporaryFolder } = request;
  // One thread: answers do not wait for it, and need the others.
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files: filesOf(request) });
  await createInteractions(duckDb, request);
  const columns = await createItems(duckDb, items);
  const [moment] = await duckDb.run(`SELECT coalesce(max(time), ${now})::DOUBLE AS newest FROM interactions`, signal);
  const newest = Number(moment?.newest);
  await duckDb.run(
    `CREATE TABLE young AS
     WITH had AS (SELECT item, min(time) AS first, count(*) AS times FROM interactions GROUP BY item),
     known AS (SELECT ID AS id FROM ${parquetFile(request.known)}),
     catalogue AS (
       SELECT coalesce(items.id, had.item) AS id, coalesce(created, first, ${newest}) AS created, known.id IS NOT NULL AS known, items.id IS NOT NULL AS described, coalesce(times, 0) AS times, coalesce(arrival, 0) AS arrival, items.* EXCLUDE (id, created, arrival)
       FROM items FULL JOIN had ON had.item = items.id LEFT JOIN known ON known.id = coalesce(items.id, had.item))
     SELECT * FROM catalogue
     WHERE created >= ${newest - seconds} AND CASE WHEN known THEN times < ${fewInteractions} ELSE described END
     ORDER BY created DESC, arrival DESC, id LIMIT ${limit}`,
    signal,
  );
  return { newest, items: await readYoung(duckDb, columns, signal) };
}

const filesOf = ({ interactions, items, known }: NewestItemsRequest): FilePath[] => [
  ...interactions.files,
  ...(items?.files ?? []),
  known,
];

/** The items of the table `young` with their interactions and metadata. */
async function readYoung(duckDb: DuckDb, columns: readonly Column[], signal: AbortSignal): Promise<NewItem[]> {
  const values = columns.map(({ alias }) => `, CASE WHEN known THEN NULL ELSE ${alias} END`);
  const query = `WITH shares AS (
       SELECT unnest(shown) AS id, 0 AS successes, 1 / len(shown) AS expected FROM interactions WHERE shown IS NOT NULL
       UNION ALL
       SELECT item, 1, CASE WHEN list_contains(shown, item) THEN 0 ELSE 1 END FROM interactions),
     feedback AS (
       SELECT id, sum(successes) AS successes, sum(expected) AS expected FROM shares SEMI JOIN young USING (id) GROUP BY id)
     SELECT id, created::DOUBLE, coalesce(successes, 0)::DOUBLE, coalesce(expected, 0)::DOUBLE, known ${values.join('')}
     FROM young LEFT JOIN feedback USING (id) ORDER BY created DESC, arrival DESC, id`;
  const items: NewItem[] = [];
  for await (const chunk of duckDb.stream(query, await duckDb.count('FROM young'), signal)) {
    const vectors = Array.from({ length: chunk.columnCount }, (_, n) => chunk.getColumnVector(n));
    for (let row = 0; row < chunk.rowCount; row++) {
      const [id, createdAt, successes, expected, known, ...cells] = vectors.map((vector) => vector.getItem(row));
      const feedback = { successes: Number(successes), expected: Number(expected) };
      const metadata = known === true ? undefined : metadataOf(cells, columns);
      items.push({ id: String(id), createdAt: Number(createdAt), metadata, ...feedback });
      if (row % rowsAtOnce === 0) await letOthersRun();
    }
  }
  return items;
}

type Column = { readonly name: string; readonly alias: string };

/** Creates the view `interactions` (item, time, shown). */
async function createInteractions(duckDb: DuckDb, { interactions: { files }, now }: NewestItemsRequest): Promise<void> {
  if (files.length === 0) {
    await duckDb.run(
      `CREATE TABLE interactions AS SELECT '' AS item, 0::BIGINT AS time, NULL::VARCHAR[] AS shown LIMIT 0`,
    );
    return;
  }
  const shown = (await columnsIn(duckDb, files)).has('IMPRESSION') ? shownItems('IMPRESSION') : 'NULL::VARCHAR[]';
  await duckDb.run(
    `CREATE VIEW interactions AS
     SELECT ITEM_ID AS item, least(TIMESTAMP, ${now}) AS time, ${shown} AS shown FROM ${parquetFiles(files)} WHERE ITEM_ID <> ''`,
  );
}

/**
 * Creates the table `items` (id, created, arrival, a column each) of the newest record of each item. @returns what its
 * columns are called
 */
async function createItems(duckDb: DuckDb, { files, schema }: DatasetFiles = noFiles): Promise<readonly Column[]> {
  if (files.length === 0) {
    await duckDb.run(`CREATE TABLE items AS SELECT '' AS id, NULL::BIGINT AS created, 0 AS arrival LIMIT 0`);
    return [];
  }
  const present = await columnsIn(duckDb, files);
  const named = schema.fields.filter(({ name }) => present.has(name) && name !== 'ITEM_ID');
  const columns = named.map(({ name }, n) => ({ name, alias: `column_${n}` }));
  const created = present.has('CREATION_TIMESTAMP') ? 'CREATION_TIMESTAMP' : 'NULL::BIGINT';
  const values = columns.map(({ name, alias }) => `, left(${sqlName(name)}::VARCHAR, ${mostCharacters}) AS ${alias}`);
  await duckDb.run(
    `CREATE TABLE items AS
     SELECT ITEM_ID AS id, ${created} AS created, "$order" AS arrival ${values.join('')}
     FROM ${orderedRows(files)} QUALIFY row_number() OVER (PARTITION BY ITEM_ID ORDER BY "$order" DESC) = 1`,
  );
  return columns;
}

const noFiles: DatasetFiles = { files: [], schema: { fields: [] } };

const metadataOf = (cells: readonly unknown[], columns: readonly Column[]): ReadonlyMap<string, string> =>
  new Map(columns.flatMap(({ name }, n) => (typeof cells[n] === 'string' ? [[name, cells[n]]] : [])));
