export const datasetTypes = ['INTERACTIONS', 'ITEMS', 'USERS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;
export type DatasetType = (typeof datasetTypes)[number];

/** The types as people write them; the API takes them in any case. */
export const typeNames = {
  INTERACTIONS: 'Interactions',
  ITEMS: 'Items',
  USERS: 'Users',
  ACTIONS: 'Actions',
  ACTION_INTERACTIONS: 'Action_Interactions',
} as const satisfies Record<DatasetType, string>;

/** What a dataset group can be made for; a custom one has no domain. */
export type Domain = 'ECOMMERCE' | 'VIDEO_ON_DEMAND';

/** The types whose rows are things that have an id, with the column of the id. */
export const idColumns = { ITEMS: 'ITEM_ID', USERS: 'USER_ID', ACTIONS: 'ACTION_ID' } as const;
export type EntityType = keyof typeof idColumns;

/** The types whose rows are events of users, with the column of what a user did something with. */
export const subjectColumns = { INTERACTIONS: 'ITEM_ID', ACTION_INTERACTIONS: 'ACTION_ID' } as const;
export type EventDatasetType = keyof typeof subjectColumns;

export const fieldTypes = ['string', 'boolean', 'int', 'long', 'float', 'double'] as const;
export type FieldType = (typeof fieldTypes)[number];
