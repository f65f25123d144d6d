import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { type EntityType, idColumns } from '../dataset-types.ts';
import { typeRules } from '../reserved-fields.ts';
import { encodeLine, type Layout } from './layout.ts';
import {
  normalKey,
  type PropertyRules,
  propertyColumns,
  readProperties,
  requireValue,
  type ValueReader,
  valueReader,
} from './properties.ts';

/** An item, a user or an action as PutItems, PutUsers and PutActions bring it. */
export type Entity = { readonly id: string; readonly properties?: string };

/** The service's pages spell an action's expiry in two ways, so either key fills the column that the schema has. */
const expirySpellings = ['EXPIRATION_TIMESTAMP', 'ACTION_EXPIRATION_TIMESTAMP'];

/** Things with ids as records of one dataset. A record stands for itself: columns that it does not give are null. */
export class EntityRecords {
  readonly layout: Layout;
  readonly #fields: readonly Field[];
  readonly #idField: Field;
  readonly #readId: ValueReader;
  readonly #rules: PropertyRules;

  constructor(schema: DatasetSchema, type: EntityType) {
    const { fields, reservedWords } = schema;
    const idColumn = idColumns[type];
    const idField = fields.find(({ name }) => name === idColumn);
    if (!idField) throw new Error(`A schema without ${idColumn} cannot be that of a dataset of such records.`);
    this.layout = fields.map(({ name, type: fieldType }) => ({ name, type: fieldType }));
    this.#fields = fields;
    this.#idField = idField;
    this.#readId = valueReader(idField, { reservedWords });
    const reserved = new Map(typeRules[type].fields.map((field) => [field.name, field]));
    const columns = new Map(
      propertyColumns(
        fields.filter((field) => field !== idField),
        { ...schema, reserved },
      ),
    );
    if (type === 'ACTIONS') addSpellings(columns);
    this.#rules = { columns, reserved: new Set() };
  }

  /**
   * The lines of a call's records, in order: of two with the same id the later one is used.
   *
   * @param member the list in the request, for messages, such as `items`
   * @throws ServiceError InvalidInputException for the first record that breaks a rule
   */
  encode(entities: readonly Entity[], member: string): string {
    return entities.map((entity, index) => encodeLine(this.#values(entity, `${member}.${index + 1}.member`))).join('');
  }

  #values({ id, properties: text }: Entity, path: string): string[] {
    const properties = readProperties(text, this.#rules, `${path}.properties`);
    return this.#fields.map((field) => {
      if (field === this.#idField) return this.#readId(id, path);
      const value = properties.get(field.name);
      requireValue(field, value, path);
      return value ?? '';
    });
  }
}

function addSpellings(columns: Map<string, { readonly name: string; readonly read: ValueReader }>): void {
  const keys = expirySpellings.map(normalKey);
  const column = keys.map((key) => columns.get(key)).find((found) => found !== undefined);
  for (const key of keys) if (column && !columns.has(key)) columns.set(key, column);
}
