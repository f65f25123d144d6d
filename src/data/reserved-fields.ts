/**
 * What the service fixes about the fields of each dataset type: spec datasets.md §2.3 and, for domains, domains.md §4.
 */
import type { DatasetType, Domain, FieldType } from './dataset-types.ts';

/** A field whose name has a meaning of its own, with the one type it may have. */
export type ReservedField = {
  readonly name: string;
  readonly type: FieldType;
  readonly required?: true;
  /** A string that must be, or (absent) must not be, categorical. */
  readonly categorical?: true;
  readonly textual?: true;
  /** Every record must have a value, whatever the schema says. */
  readonly filled?: true;
  /** The least and the largest value, of a whole number. */
  readonly range?: readonly [number, number];
};

export type TypeRules = {
  /** `name` of the Avro record. */
  readonly recordName: string;
  readonly fields: readonly ReservedField[];
  /** Most fields beside those above; what a domain adds counts among them (spec domains.md §4). */
  readonly ownFields: number;
  /** At least one field beside the id must be something a model can learn from. */
  readonly metadataRequired: boolean;
};

const id = (name: string): ReservedField => ({ name, type: 'string', required: true, filled: true });
const optional = (name: string, type: FieldType): ReservedField => ({ name, type });
const category = (name: string): ReservedField => ({ name, type: 'string', categorical: true });
const required = (field: ReservedField): ReservedField => ({ ...field, required: true });

const eventTime: ReservedField = { name: 'TIMESTAMP', type: 'long', required: true, filled: true };
const eventType: ReservedField = { name: 'EVENT_TYPE', type: 'string', filled: true };
const creationTime = optional('CREATION_TIMESTAMP', 'long');

export const typeRules: { readonly [Type in DatasetType]: TypeRules } = {
  INTERACTIONS: {
    recordName: 'Interactions',
    fields: [
      id('USER_ID'),
      id('ITEM_ID'),
      eventTime,
      eventType,
      optional('EVENT_VALUE', 'float'),
      optional('IMPRESSION', 'string'),
      optional('RECOMMENDATION_ID', 'string'),
      optional('EVENT_ATTRIBUTION_SOURCE', 'string'),
    ],
    ownFields: 5,
    metadataRequired: false,
  },
  ITEMS: { recordName: 'Items', fields: [id('ITEM_ID'), creationTime], ownFields: 100, metadataRequired: true },
  USERS: { recordName: 'Users', fields: [id('USER_ID')], ownFields: 25, metadataRequired: true },
  ACTIONS: {
    recordName: 'Actions',
    fields: [
      id('ACTION_ID'),
      creationTime,
      { ...optional('VALUE', 'long'), range: [1, 10] },
      optional('TYPE', 'string'),
      // The service's own pages spell the expiry column both ways.
      optional('EXPIRATION_TIMESTAMP', 'long'),
      optional('ACTION_EXPIRATION_TIMESTAMP', 'long'),
      { ...optional('REPEAT_FREQUENCY', 'long'), range: [0, 30] }, // days
    ],
    ownFields: 10,
    metadataRequired: true,
  },
  ACTION_INTERACTIONS: {
    recordName: 'ActionInteractions',
    fields: [
      id('USER_ID'),
      id('ACTION_ID'),
      required(eventType),
      eventTime,
      optional('IMPRESSION', 'string'),
      optional('RECOMMENDATION_ID', 'string'),
    ],
    ownFields: 5,
    metadataRequired: false,
  },
};

const description: ReservedField = { name: 'PRODUCT_DESCRIPTION', type: 'string', textual: true };
const price = optional('PRICE', 'float');

/** What a domain adds to, or changes in, the fields of a type. */
const domainFields: {
  readonly [D in Domain]: { readonly [Type in DatasetType]?: readonly ReservedField[] };
} = {
  ECOMMERCE: {
    INTERACTIONS: [required(eventType)],
    ITEMS: [
      required(price),
      required(category('CATEGORY_L1')),
      category('CATEGORY_L2'),
      category('CATEGORY_L3'),
      description,
      category('AGE_GROUP'),
      category('ADULT'),
      category('GENDER'),
    ],
  },
  VIDEO_ON_DEMAND: {
    INTERACTIONS: [required(eventType)],
    USERS: [category('SUBSCRIPTION_MODEL')],
    ITEMS: [
      required(category('GENRES')),
      required(creationTime),
      price,
      optional('DURATION', 'float'),
      category('GENRE_L2'),
      category('GENRE_L3'),
      optional('AVERAGE_RATING', 'float'),
      description,
      category('CONTENT_OWNER'),
      category('CONTENT_CLASSIFICATION'),
    ],
  },
};

/** The reserved fields of a type in a domain (or, without one, in a custom dataset group). */
export function reservedFields(type: DatasetType, domain?: Domain): readonly ReservedField[] {
  const added = (domain && domainFields[domain][type]) ?? [];
  const replaced = new Set(added.map((field) => field.name));
  return [...typeRules[type].fields.filter((field) => !replaced.has(field.name)), ...added];
}
