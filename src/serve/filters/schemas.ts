import type { DatasetType, FieldType } from '../../data/dataset-types.ts';
import type { Column } from './filter.ts';
import { invalidExpression } from './filter-error.ts';
import type { FilterNeeds } from './needs.ts';
import { type Dataset, type NameSyntax, typeOf } from './syntax.ts';

/** What the checker must know of a dataset group: the columns of its datasets. */
export type GroupSchemas = {
  readonly [Type in DatasetType]?: { readonly fields: readonly SchemaColumn[] };
};

export type SchemaColumn = {
  readonly name: string;
  readonly type: FieldType;
  readonly categorical: boolean;
  readonly textual: boolean;
};

/** The columns that a filter reads, and no others: by these its expression can be read again. */
export function schemasRead(schemas: GroupSchemas, { columns }: Pick<FilterNeeds, 'columns'>): GroupSchemas {
  const read = [...columns].map(([dataset, names]) => {
    const type = typeOf[dataset];
    const wanted = new Set([...names].map((name) => name.toUpperCase()));
    const fields = schemas[type]?.fields.filter(({ name }) => wanted.has(name.toUpperCase())) ?? [];
    return [type, { fields: fields.map(plainColumn) }] as const;
  });
  return Object.fromEntries(read);
}

const plainColumn = ({ name, type, categorical, textual }: SchemaColumn): SchemaColumn => ({
  name,
  type,
  categorical,
  textual,
});

/** Every column with its dataset, such as `ITEMS.PRICE`. */
export const fieldsOf = (schemas: GroupSchemas): readonly string[] =>
  Object.entries(schemas).flatMap(([type, { fields }]) => fields.map(({ name }) => `${type}.${name}`));

/** The service applies these to actions by itself. Its pages spell the first in two ways. */
const appliedByService = new Set(['ACTION_EXPIRATION_TIMESTAMP', 'EXPIRATION_TIMESTAMP', 'REPEAT_FREQUENCY']);

/**
 * The column that a name means, whatever its case, in the schema's own spelling.
 *
 * @throws FilterError where the group has no such column, or none that a filter may use
 */
export function findColumn(schemas: GroupSchemas, dataset: Dataset, { name, at }: NameSyntax): Column {
  const schema = schemas[typeOf[dataset]];
  if (!schema) throw invalidExpression(`the dataset group has no dataset ${dataset}`, at);
  const column = schema.fields.find((candidate) => candidate.name.toUpperCase() === name.toUpperCase());
  if (!column) throw invalidExpression(`the schema of ${dataset} has no field ${name}`, at);
  const { type } = column;
  if (type === 'boolean') {
    const advice = 'store it as a string or a number instead';
    throw invalidExpression(`${dataset}.${column.name} is a boolean, which a filter cannot use: ${advice}`, at);
  }
  if (column.textual) throw invalidExpression(`${dataset}.${column.name} is textual, which a filter cannot use`, at);
  if (dataset === 'Actions' && appliedByService.has(column.name.toUpperCase())) {
    throw invalidExpression(`Actions.${column.name} is applied without a filter, and a filter cannot use it`, at);
  }
  return type === 'string' ? { name: column.name, type, categorical: column.categorical } : { name: column.name, type };
}
