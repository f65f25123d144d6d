import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { encodeLine, type Layout } from './layout.ts';
import {
  type PropertyRules,
  propertyColumns,
  readProperties,
  requireValue,
  type ValueReader,
  valueReader,
} from './properties.ts';

/** An item or a user as PutItems and PutUsers bring it. */
export type Entity = { readonly id: string; readonly properties?: string };

/** Items or users as records of one dataset. A record stands for itself: columns that it does not give are null. */
export class EntityRecords {
  readonly layout: Layout;
  readonly #fields: readonly Field[];
  readonly #idField: Field;
  readonly #readId: ValueReader;
  readonly #rules: PropertyRules;

  /** @param idColumn the column that `id` fills, such as `ITEM_ID` */
  constructor({ fields }: DatasetSchema, idColumn: string) {
    const idField = fields.find(({ name }) => name === idColumn);
    if (!idField) throw new Error(`A schema without ${idColumn} cannot be that of a dataset of such records.`);
    this.layout = fields.map(({ name, type }) => ({ name, type }));
    this.#fields = fields;
    this.#idField = idField;
    this.#readId = valueReader(idField);
    this.#rules = { columns: propertyColumns(fields.filter((field) => field !== idField)), reserved: new Set() };
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
