export const datasetTypes = ['INTERACTIONS', 'ITEMS', 'USERS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;
export type DatasetType = (typeof datasetTypes)[number];

export const fieldTypes = ['string', 'boolean', 'int', 'long', 'float', 'double'] as const;
export type FieldType = (typeof fieldTypes)[number];

export type Field = {
  readonly name: string;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly categorical: boolean;
  readonly textual: boolean;
};

/** A dataset's columns, as its Avro schema document states them. */
export type DatasetSchema = { readonly fields: readonly Field[] };
