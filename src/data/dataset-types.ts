export const datasetTypes = ['INTERACTIONS', 'ITEMS', 'USERS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;
export type DatasetType = (typeof datasetTypes)[number];

export const fieldTypes = ['string', 'boolean', 'int', 'long', 'float', 'double'] as const;
export type FieldType = (typeof fieldTypes)[number];
