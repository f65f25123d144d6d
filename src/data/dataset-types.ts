export const datasetTypes = ['INTERACTIONS', 'ITEMS', 'USERS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;
export type DatasetType = (typeof datasetTypes)[number];

/** What a dataset group can be made for; a custom one has no domain. */
export type Domain = 'ECOMMERCE' | 'VIDEO_ON_DEMAND';

export const fieldTypes = ['string', 'boolean', 'int', 'long', 'float', 'double'] as const;
export type FieldType = (typeof fieldTypes)[number];
