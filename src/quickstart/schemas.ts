/** Columns of the files that the quickstart imports; a test holds them against the schemas below. */
export const interactionColumns = ['USER_ID', 'ITEM_ID', 'EVENT_TYPE', 'EVENT_VALUE', 'TIMESTAMP'] as const;
export const itemColumns = ['ITEM_ID', 'TITLE', 'GENRES', 'YEAR'] as const;

const schema = (name: string, fields: readonly object[]) =>
  JSON.stringify({ type: 'record', name, namespace: 'com.amazonaws.personalize.schema', fields, version: '1.0' });

/** Avro documents for CreateSchema. */
export const interactionsSchema = schema('Interactions', [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'EVENT_VALUE', type: ['float', 'null'] },
  { name: 'TIMESTAMP', type: 'long' },
]);

export const itemsSchema = schema('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TITLE', type: 'string' },
  { name: 'GENRES', type: ['string', 'null'], categorical: true },
  { name: 'YEAR', type: ['int', 'null'] },
]);
