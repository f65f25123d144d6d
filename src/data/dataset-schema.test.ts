import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../contract/errors.ts';
import { checkSchemaFits, parseDatasetSchema } from './dataset-schema.ts';
import { type DatasetType, type Domain, fieldTypes } from './dataset-types.ts';

type Avro = { name: string; type: unknown; [attribute: string]: unknown };

const document = (name: string, fields: readonly unknown[], more: object = {}) =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields,
    version: '1.0',
    ...more,
  });

const userId: Avro = { name: 'USER_ID', type: 'string' };
const itemId: Avro = { name: 'ITEM_ID', type: 'string' };
const time: Avro = { name: 'TIMESTAMP', type: 'long' };
const interactions = [userId, itemId, time];
const items = (...fields: Avro[]) => document('Items', [itemId, ...fields]);

const refusals = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return undefined;
};

describe('schemas that the service takes', () => {
  it.each<[string, DatasetType, Domain | undefined, string]>([
    ['interactions', 'INTERACTIONS', undefined, document('Interactions', interactions)],
    [
      'every reserved field, unions in either order, unknown attributes',
      'INTERACTIONS',
      undefined,
      document('Interactions', [
        ...interactions,
        { name: 'EVENT_TYPE', type: 'string' },
        { name: 'EVENT_VALUE', type: ['float', 'null'], optional: true },
        { name: 'IMPRESSION', type: ['null', 'string'] },
        { name: 'DEVICE', type: ['string', 'null'], categorical: true },
      ]),
    ],
    [
      'users with plain strings beside a category',
      'USERS',
      undefined,
      document('Users', [
        userId,
        { name: 'GROUP', type: 'string', categorical: true },
        { name: 'CITY', type: 'string' },
      ]),
    ],
    [
      'a default schema with a one-element union',
      'ITEMS',
      'ECOMMERCE',
      items({ name: 'PRICE', type: 'float' }, { name: 'CATEGORY_L1', type: ['string'], categorical: true }),
    ],
    [
      'every reserved field of a product',
      'ITEMS',
      'ECOMMERCE',
      items(
        { name: 'PRICE', type: 'float' },
        { name: 'CATEGORY_L1', type: 'string', categorical: true },
        ...['CATEGORY_L2', 'CATEGORY_L3', 'AGE_GROUP', 'ADULT', 'GENDER'].map((name) => ({
          name,
          type: ['null', 'string'],
          categorical: true,
        })),
        { name: 'PRODUCT_DESCRIPTION', type: ['string', 'null'], textual: true },
        { name: 'CREATION_TIMESTAMP', type: 'long' },
      ),
    ],
    [
      'every reserved field of a video',
      'ITEMS',
      'VIDEO_ON_DEMAND',
      items(
        { name: 'GENRES', type: 'string', categorical: true },
        { name: 'CREATION_TIMESTAMP', type: 'long' },
        ...['PRICE', 'DURATION', 'AVERAGE_RATING'].map((name) => ({ name, type: ['float', 'null'] })),
        ...['GENRE_L2', 'GENRE_L3', 'CONTENT_OWNER', 'CONTENT_CLASSIFICATION'].map((name) => ({
          name,
          type: ['string', 'null'],
          categorical: true,
        })),
        { name: 'PRODUCT_DESCRIPTION', type: 'string', textual: true },
      ),
    ],
    [
      'videos',
      'ITEMS',
      'VIDEO_ON_DEMAND',
      items({ name: 'GENRES', type: ['string'], categorical: true }, { name: 'CREATION_TIMESTAMP', type: 'long' }),
    ],
    ['items with text', 'ITEMS', undefined, items({ name: 'DESCRIPTION', type: ['null', 'string'], textual: true })],
    ['items known by their age alone', 'ITEMS', undefined, items({ name: 'CREATION_TIMESTAMP', type: 'long' })],
    [
      'actions',
      'ACTIONS',
      undefined,
      document('Actions', [
        { name: 'ACTION_ID', type: 'string' },
        { name: 'VALUE', type: ['null', 'long'] },
        { name: 'REPEAT_FREQUENCY', type: ['long', 'null'] },
      ]),
    ],
    ...[1, '1.1', null, undefined].map((version): [string, DatasetType, undefined, string] => [
      `version ${version}`,
      'INTERACTIONS',
      undefined,
      document('Interactions', interactions, { version }),
    ]),
    [
      'what an event may lack as plain types',
      'INTERACTIONS',
      undefined,
      document('Interactions', [
        ...interactions,
        { name: 'EVENT_VALUE', type: 'float' },
        ...['IMPRESSION', 'RECOMMENDATION_ID', 'EVENT_ATTRIBUTION_SOURCE'].map((name) => ({ name, type: 'string' })),
      ]),
    ],
  ])('%s', (_case, type, domain, text) => {
    const parsed = parseDatasetSchema(text);
    checkSchemaFits(parsed, type, domain);
  });

  it('says what each field is', () => {
    const { name, schema } = parseDatasetSchema(items({ name: 'GENRES', type: ['null', 'string'], categorical: true }));
    expect(name).toBe('Items');
    expect(schema.fields).toEqual([
      { name: 'ITEM_ID', type: 'string', nullable: false, categorical: false, textual: false },
      { name: 'GENRES', type: 'string', nullable: true, categorical: true, textual: false },
    ]);
  });
});

describe('schemas that the service refuses', () => {
  it.each<[string, string]>([
    ['{', 'not JSON'],
    ['[]', 'JSON object'],
    [document('Interactions', interactions, { type: 'enum' }), '"type" must be "record"'],
    [document('Interactions', interactions, { namespace: 'elsewhere' }), '"namespace"'],
    [document('', interactions), '"name"'],
    [document('Interactions', []), '"fields"'],
    [document('Interactions', ['USER_ID']), 'field 1'],
    [document('Interactions', [userId, itemId]), 'TIMESTAMP'],
    [document('Interactions', [userId, itemId, { name: 'TIMESTAMP', type: 'int' }]), 'must be long, not int'],
    [
      document('Interactions', [itemId, time, { name: 'USER_ID', type: ['null', 'string'] }]),
      'USER_ID is required and cannot be null',
    ],
    [
      document('Interactions', [...interactions, { name: 'EVENT_TYPE', type: 'string', categorical: true }]),
      'EVENT_TYPE cannot be categorical',
    ],
    [document('Interactions', [...interactions, { name: 'EVENT_VALUE', type: 'string' }]), 'EVENT_VALUE must be float'],
    [document('Interactions', [...interactions, { name: 'NOTE', type: 'string', textual: true }]), 'NOTE is textual'],
    [
      document('Interactions', [...interactions, ...[1, 2, 3, 4, 5, 6].map((n) => ({ name: `F${n}`, type: 'int' }))]),
      '6 metadata fields',
    ],
    [document('Users', [userId]), 'at least one metadata field'],
    [document('Users', [userId, { name: 'CITY', type: 'string' }]), 'at least one metadata field'],
    [items({ name: 'A_B', type: 'int' }, { name: 'AB', type: 'int' }), 'A_B and AB'],
    [items({ name: 'A', type: { type: 'array', items: 'string' } }), 'the type of A must be one of'],
    [items({ name: 'A', type: ['int', 'long'] }), 'the type of A must be one of'],
    [items({ name: 'A', type: 'null' }), 'the type of A must be one of'],
    [items({ name: 'A', type: 'int', categorical: true }), 'its type must be string'],
    [items({ name: 'A', type: 'string', categorical: 'yes' }), 'must be true or false'],
    [
      items({ name: 'A', type: 'string', textual: true }, { name: 'B', type: 'string', textual: true }),
      'A and B are textual',
    ],
    [items({ name: 'MY FIELD', type: 'int' }), '"MY FIELD"'],
  ])('%s: %s', (text, reason) => {
    const refusal = refusals(() => parseDatasetSchema(text));
    expect(refusal).toMatch(/^InvalidInputException: The schema is not valid: .*\.$/s);
    expect(refusal).toContain(reason);
  });

  it('for another type or domain than it is for', () => {
    const parsed = parseDatasetSchema(document('Interactions', interactions));
    expect(refusals(() => checkSchemaFits(parsed, 'ITEMS'))).toContain('must be named "Items"');
    expect(refusals(() => checkSchemaFits(parsed, 'INTERACTIONS', 'ECOMMERCE'))).toContain(
      'EVENT_TYPE of type string is required',
    );
    const priced = parseDatasetSchema(items({ name: 'PRICE', type: 'float' }, { name: 'CATEGORY_L1', type: 'string' }));
    expect(refusals(() => checkSchemaFits(priced, 'ITEMS', 'ECOMMERCE'))).toContain(
      'CATEGORY_L1 must be "categorical": true',
    );
  });

  const product = [
    { name: 'PRICE', type: 'float' },
    { name: 'CATEGORY_L1', type: ['string'], categorical: true },
  ];
  const film = [
    { name: 'GENRES', type: 'string', categorical: true },
    { name: 'CREATION_TIMESTAMP', type: 'long' },
  ];
  const event = [...interactions, { name: 'EVENT_TYPE', type: 'string' }];
  const without = (fields: readonly Avro[], name: string, instead?: object) =>
    fields.flatMap((field) => (field.name === name ? (instead ? [{ ...field, ...instead }] : []) : [field]));
  const own = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `F${n}`, type: 'int' }));
  it.each<[Domain, string, string]>([
    ['ECOMMERCE', items(...without(product, 'PRICE')), 'the field PRICE of type float is required for ITEMS'],
    ['ECOMMERCE', items(...without(product, 'CATEGORY_L1')), 'the field CATEGORY_L1 of type string is required'],
    ['ECOMMERCE', items(...without(product, 'PRICE', { type: 'double' })), 'the type of PRICE must be float'],
    [
      'ECOMMERCE',
      items(...without(product, 'PRICE', { type: ['null', 'float'] })),
      'PRICE is required and cannot be null',
    ],
    ['ECOMMERCE', items(...product, { name: 'GENDER', type: 'string' }), 'GENDER must be "categorical": true'],
    [
      'ECOMMERCE',
      items(...product, { name: 'PRODUCT_DESCRIPTION', type: 'string' }),
      'PRODUCT_DESCRIPTION must be "textual": true',
    ],
    ['ECOMMERCE', items(...product, ...own(99)), '101 metadata fields are more than the 100 that ITEMS may have'],
    ['ECOMMERCE', document('Interactions', interactions), 'the field EVENT_TYPE of type string is required'],
    [
      'VIDEO_ON_DEMAND',
      document('Interactions', without(event, 'EVENT_TYPE', { type: ['null', 'string'] })),
      'EVENT_TYPE is required and cannot be null',
    ],
    ['VIDEO_ON_DEMAND', document('Interactions', [...event, ...own(6)]), '6 metadata fields are more than the 5'],
    ['VIDEO_ON_DEMAND', items(...without(film, 'GENRES')), 'the field GENRES of type string is required'],
    ['VIDEO_ON_DEMAND', items(...without(film, 'CREATION_TIMESTAMP')), 'CREATION_TIMESTAMP of type long is required'],
    ['VIDEO_ON_DEMAND', items(...film, { name: 'DURATION', type: 'int' }), 'the type of DURATION must be float'],
    [
      'VIDEO_ON_DEMAND',
      document('Users', [userId, { name: 'SUBSCRIPTION_MODEL', type: 'string' }]),
      'SUBSCRIPTION_MODEL must be "categorical": true',
    ],
    ['VIDEO_ON_DEMAND', document('Users', [userId]), 'USERS needs at least one metadata field'],
    [
      'ECOMMERCE',
      document('Actions', [
        { name: 'ACTION_ID', type: 'string' },
        { name: 'VALUE', type: 'long' },
      ]),
      'cannot have a dataset of type ACTIONS',
    ],
  ])('in %s: %s', (domain, text, reason) => {
    const refusal = refusals(() => parseDatasetSchema(text, domain));
    expect(refusal).toMatch(/^InvalidInputException: .*\.$/s);
    expect(refusal).toContain(reason);
  });

  it('never fails in another way, whatever the document holds', () => {
    const field = fc.record(
      {
        name: fc.oneof(fc.constantFrom('USER_ID', 'ITEM_ID', 'TIMESTAMP', 'A', 'A_'), fc.jsonValue()),
        type: fc.oneof(fc.constantFrom(...fieldTypes, 'null'), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const schema = fc.record({
      type: fc.constant('record'),
      name: fc.constantFrom('Interactions', 'Items', 'x'),
      fields: fc.array(fc.oneof(field, fc.jsonValue())),
    });
    fc.assert(
      fc.property(fc.oneof(schema, fc.jsonValue()), (value) => {
        const refusal = refusals(() => parseDatasetSchema(JSON.stringify(value)));
        expect(refusal ?? 'InvalidInputException').toMatch(/^InvalidInputException/);
      }),
    );
  });
});
