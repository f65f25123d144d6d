import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder, unwatched } from '../../learn/training/training.fixture.ts';
import { metadataInput } from './metadata-file.ts';

/** The kinds of the columns, by name. */
async function kindsOf(csv: string, schema?: object): Promise<Record<string, string>> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'items.csv');
  await writeFile(path, csv);
  const schemaPath = join(folder.path, 'schema.json');
  if (schema) await writeFile(schemaPath, JSON.stringify(schema));
  const file = { path, ...(schema && { schema: schemaPath }) };
  const input = await metadataInput(file, 'ITEM_ID', join(folder.path, 'work'), unwatched);
  expect(input.files).toHaveLength(1);
  return Object.fromEntries(
    input.schema.fields.map(({ name, type, categorical, textual }) => [
      name,
      categorical ? 'categorical' : textual ? 'textual' : type,
    ]),
  );
}

it('tells by the values what kind a column is of', async () => {
  const rows = Array.from(
    { length: 20 },
    (_, n) => `i${n},${n % 3 ? n / 2 : ''},Title ${n},${n % 4 ? `a|b${n}` : 'a'},brand${n % 5},`,
  );
  expect(await kindsOf(`ITEM_ID,PRICE,TITLE,GENRES,BRAND,EMPTY\n${rows.join('\n')}\n`)).toEqual({
    ITEM_ID: 'string',
    PRICE: 'double',
    TITLE: 'textual',
    GENRES: 'categorical',
    BRAND: 'categorical',
    EMPTY: 'textual',
  });
});

it('believes a schema instead, and says what is wrong with one', async () => {
  const schema = (type: string) => ({
    type: 'record',
    name: 'Items',
    namespace: 'com.amazonaws.personalize.schema',
    fields: [
      { name: 'ITEM_ID', type: 'string' },
      { name: 'SIZE', type, categorical: true },
    ],
    version: '1.0',
  });
  const csv = 'ITEM_ID,SIZE\na,1\nb,2\n';
  expect(await kindsOf(csv, schema('string'))).toEqual({ ITEM_ID: 'string', SIZE: 'categorical' });
  await expect(kindsOf(csv, schema('int'))).rejects.toThrow('SIZE is categorical, so its type must be string');
});

it('needs the id', async () => {
  await expect(kindsOf('ID,SIZE\na,1\n')).rejects.toThrow('has no column ITEM_ID');
});
