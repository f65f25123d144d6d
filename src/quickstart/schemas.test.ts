import { expect, test } from 'vitest';
import { interactionColumns, interactionsSchema, itemColumns, itemsSchema } from './schemas.ts';

test.each([
  [interactionsSchema, interactionColumns],
  [itemsSchema, itemColumns],
])('a schema names the columns of its file, in their order', (schema, columns) => {
  const { fields } = JSON.parse(schema);
  expect(fields.map(({ name }: { name: string }) => name)).toEqual(columns);
});
