import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetSchema, Field } from '../../data/dataset-schema.ts';
import { filePath, pathOf } from '../../data/encryption/file-path.ts';
import { openDuckDb } from '../../data/engine/duckdb.ts';
import { encryptionOption } from '../../data/engine/parquet-encryption.ts';
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

/**
 * Opens themes of a dataset with these rows, whose file lies in `folder`, sealed where there is a key. The name of an
 * item is in `TITLE`.
 */
export async function openThemes(
  folder: string,
  schema: DatasetSchema,
  rows: readonly Row[],
  more: Partial<ThemeTask & ThemesOptions> & { readonly key?: string } = {},
): Promise<Themes> {
  const { temporaryFolder = join(folder, 'themes'), notify, key, ...task } = more;
  const json = join(folder, 'items.json');
  const parquet = filePath(join(folder, 'items.parquet'), key);
  await writeFile(json, rows.map((row) => JSON.stringify(row)).join('\n'));
  using duckDb = await openDuckDb({
    memoryBytes: 2 ** 28,
    temporaryFolder: join(folder, 'spilled'),
    threads: 1,
    files: [parquet],
  });
  const types = schema.fields.map(({ name, type }) => `'${name}': '${type === 'string' ? 'VARCHAR' : 'BIGINT'}'`);
  const read = `read_json('${json}', format = 'newline_delimited', columns = {${types.join(', ')}})`;
  await duckDb.run(`COPY (FROM ${read}) TO '${pathOf(parquet)}' (FORMAT parquet${encryptionOption(parquet)})`);
  return await Themes.open({ files: [parquet], schema, itemName: 'TITLE', ...task }, { temporaryFolder, notify });
}
