import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatasetSchema } from '../../src/data/dataset-schema.ts';
import { openDuckDb, sqlName, sqlString } from '../../src/data/engine/duckdb.ts';
import { field } from '../../src/serve/themes/themes.fixture.ts';
import { interactionsFiles } from '../dataset-files.ts';

/** A data set of films with their names, genres and years, and the films most often watched together with some. */
export type FilmLists = {
  readonly dataset: string;
  /** A Parquet file of items. */
  readonly path: string;
  readonly schema: DatasetSchema;
  readonly lists: readonly (readonly string[])[];
};

const leastInteractions = 20;
const leastOfCompanions = 5;
const items = 25;

const schema: DatasetSchema = {
  fields: [field('ITEM_ID'), field('TITLE'), field('GENRE', { categorical: true }), field('YEAR', { type: 'int' })],
};

/** Lists of 25 for `most` films of each data set in a folder that has an `items.csv.gz` with TITLE, GENRE and YEAR. */
export async function filmLists(data: string, folder: string, most: number): Promise<FilmLists[]> {
  const found: FilmLists[] = [];
  for (const { dataset, path, columns } of await interactionsFiles(data)) {
    const csv = join(dirname(path), 'items.csv.gz');
    if (!existsSync(csv)) continue;
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 31, temporaryFolder: join(folder, 'spilled') });
    const read = (file: string) => `read_csv(${sqlString(file)}, all_varchar = true)`;
    const described = await duckDb.run(`DESCRIBE FROM ${read(csv)}`);
    if (!schema.fields.every(({ name }) => described.some((column) => column.column_name === name))) continue;
    const parquet = join(folder, `${dataset}.parquet`);
    await duckDb.run(
      `COPY (SELECT ITEM_ID, TITLE, GENRE, try_cast(YEAR AS INTEGER) AS YEAR FROM ${read(csv)})
       TO ${sqlString(parquet)} (FORMAT parquet)`,
    );
    const [user, item] = [sqlName(columns.user), sqlName(columns.item)];
    await duckDb.run(`CREATE TABLE had AS SELECT DISTINCT ${user} AS user, ${item} AS item FROM ${read(path)}`);
    await duckDb.run('CREATE TABLE counts AS SELECT item, count(*) AS n FROM had GROUP BY item');
    const rows = await duckDb.run(
      `WITH seeds AS (SELECT item FROM counts WHERE n >= ${leastInteractions} ORDER BY md5(item), item LIMIT ${most}),
       pairs AS (
         SELECT one.item AS seed, other.item AS item, count(*) AS n FROM seeds JOIN had AS one USING (item)
         JOIN had AS other ON other.user = one.user AND other.item <> one.item GROUP BY ALL
       )
       SELECT string_agg(pairs.item, '|' ORDER BY pairs.n / sqrt(counts.n) DESC, pairs.item) AS items
       FROM pairs JOIN counts USING (item) WHERE counts.n >= ${leastOfCompanions} GROUP BY seed ORDER BY seed`,
    );
    const lists = rows.map((row) => String(row.items).split('|').slice(0, items));
    found.push({ dataset, path: parquet, schema, lists });
  }
  return found;
}
