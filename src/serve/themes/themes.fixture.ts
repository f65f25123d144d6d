import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetSchema, Field } from '../../data/dataset-schema.ts';
import { openDuckDb } from '../../data/engine/duckdb.ts';
import type { PlantedItem } from './planted-catalogue.fixture.ts';
import { Themes, type ThemesOptions, type ThemeTask } from './themes.ts';

export const field = (name: string, more: Partial<Field> = {}): Field => ({
  ...{ name, type: 'string', nullable: true, categorical: false, textual: false },
  ...more,
});

/** A row of an Items dataset; what is left out is null. */
export type Row = Readonly<Record<string, string | number>> & { readonly ITEM_ID: string };

export const filmSchema: DatasetSchema = {
  fields: [
    field('ITEM_ID'),
    field('TITLE'),
    field('GENRES', { categorical: true }),
    field('YEAR', { type: 'int' }),
    field('DESCRIPTION', { textual: true }),
  ],
};

export const filmRow = ({ id, name, genre, year, text }: PlantedItem): Row => ({
  ITEM_ID: id,
  TITLE: name,
  GENRES: genre,
  YEAR: year,
  DESCRIPTION: text,
});

/** Opens themes of a dataset with these rows, whose file lies in `folder`. The name of an item is in `TITLE`. */
export async function openThemes(
  folder: string,
  schema: DatasetSchema,
  rows: readonly Row[],
  more: Partial<ThemeTask & ThemesOptions> = {},
): Promise<Themes> {
  const [json, parquet] = [join(folder, 'items.json'), join(folder, 'items.parquet')];
  await writeFile(json, rows.map((row) => JSON.stringify(row)).join('\n'));
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled'), threads: 1 });
  const types = schema.fields.map(({ name, type }) => `'${name}': '${type === 'string' ? 'VARCHAR' : 'BIGINT'}'`);
  const read = `read_json('${json}', format = 'newline_delimited', columns = {${types.join(', ')}})`;
  await duckDb.run(`COPY (FROM ${read}) TO '${parquet}' (FORMAT parquet)`);
  const { temporaryFolder = join(folder, 'themes'), notify, ...task } = more;
  return await Themes.open({ files: [parquet], schema, itemName: 'TITLE', ...task }, { temporaryFolder, notify });
}
