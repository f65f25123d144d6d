import { invalidInput } from '../contract/errors.ts';
import { type DatasetType, type Domain, datasetTypes, type FieldType, fieldTypes } from './dataset-types.ts';
import { type ReservedField, reservedFields, typeRules } from './reserved-fields.ts';

export type Field = {
  readonly name: string;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly categorical: boolean;
  readonly textual: boolean;
  /** Whether it holds the names of items for people. */
  readonly isItemName?: true;
};

/** A dataset's columns, as its Avro schema document states them. */
export type DatasetSchema = {
  readonly fields: readonly Field[];
  /** Names of required and reserved fields, which may not occur as values (spec domains.md §4). */
  readonly reservedWords?: ReadonlySet<string>;
};

/** A schema with the `name` of its Avro record, which says what type of dataset it is for. */
export type ParsedSchema = { readonly name: string; readonly schema: DatasetSchema };

/**
 * Reads a schema document: the flat subset of Avro that the service takes (spec datasets.md §2). Where the record's
 * name is that of a dataset type, the rules of that type hold already here.
 *
 * @param domain as for `checkSchemaFits`.
 * @throws ServiceError InvalidInputException, with a sentence that names the field and the rule.
 */
export function parseDatasetSchema(document: string, domain?: Domain): ParsedSchema {
  const record = parseRecord(document);
  const { name, fields } = record;
  if (typeof name !== 'string' || name === '') throw refusal('"name" must be a string that names the dataset type');
  if (!Array.isArray(fields) || fields.length === 0) throw refusal('"fields" must be a list with at least one field');
  const schema = { fields: fields.map(parseField) };
  checkNames(schema);
  const type = datasetTypes.find((candidate) => typeRules[candidate].recordName === name);
  if (type === undefined) return { name, schema };
  checkSchemaFits({ name, schema }, type, domain);
  const reservedWords = new Set(reservedFields(type, domain).map((field) => field.name));
  return { name, schema: { ...schema, reservedWords } };
}

/**
 * Holds a schema against the rules of the dataset type that it is to serve: required fields, the types of reserved
 * ones, and how many of its own it may have (spec datasets.md §2.3, domains.md §4).
 *
 * @param domain of the dataset group; nothing for a custom one.
 * @throws ServiceError InvalidInputException, as above.
 */
export function checkSchemaFits({ name, schema }: ParsedSchema, type: DatasetType, domain?: Domain): void {
  const { recordName, ownFields, metadataRequired } = typeRules[type];
  if (name !== recordName) {
    throw refusal(`"name" is ${JSON.stringify(name)}, but the schema of ${type} must be named "${recordName}"`);
  }
  if (domain !== undefined) checkTypeInDomain(type, domain);
  const place = domain === undefined ? type : `${type} in the domain ${domain}`;
  const reserved = reservedFields(type, domain);
  for (const rule of reserved) {
    const field = schema.fields.find((candidate) => candidate.name === rule.name);
    if (field !== undefined) checkReserved(field, rule);
    else if (rule.required) throw refusal(`the field ${rule.name} of type ${rule.type} is required for ${place}`);
  }
  const common = new Set(typeRules[type].fields.map((rule) => rule.name));
  const own = schema.fields.filter((field) => !common.has(field.name));
  if (own.length > ownFields) {
    throw refusal(`${own.length} metadata fields are more than the ${ownFields} that ${type} may have`);
  }
  const textual = schema.fields.filter((field) => field.textual).map((field) => field.name);
  if (textual.length > 0 && type !== 'ITEMS')
    throw refusal(`${textual[0]} is textual, which only a field of ITEMS can be`);
  if (textual.length > 1) throw refusal(`${textual.join(' and ')} are textual, but only one field can be`);
  const required = new Set(reserved.filter((rule) => rule.filled).map((rule) => rule.name));
  if (metadataRequired && !schema.fields.some((field) => !required.has(field.name) && isFeature(field))) {
    const kinds =
      type === 'ITEMS' ? 'a categorical or textual string, or a number' : 'a categorical string or a number';
    throw refusal(`${type} needs at least one metadata field (${kinds}) beside its id`);
  }
}

/** @throws ServiceError InvalidInputException for a type that dataset groups of a domain cannot have. */
export function checkTypeInDomain(type: DatasetType, domain: Domain): void {
  if (type !== 'ACTIONS' && type !== 'ACTION_INTERACTIONS') return;
  throw invalidInput(
    `A dataset group of the domain ${domain} cannot have a dataset of type ${type}; create a dataset group without a domain for it.`,
  );
}

const namespace = 'com.amazonaws.personalize.schema';

function parseRecord(document: string): Record<string, unknown> {
  let record: unknown;
  try {
    record = JSON.parse(document);
  } catch (error) {
    throw refusal(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isObject(record)) throw refusal('it must be a JSON object');
  if (record.type !== 'record') throw refusal('"type" must be "record"');
  if (record.namespace !== undefined && record.namespace !== namespace) {
    throw refusal(`"namespace" must be "${namespace}"`);
  }
  return record;
}

function parseField(field: unknown, index: number): Field {
  if (!isObject(field) || typeof field.name !== 'string') {
    throw refusal(`field ${index + 1} must be an object with a "name" and a "type"`);
  }
  const { name } = field;
  // The Avro specification's rule for names.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw refusal(
      `the field name ${JSON.stringify(name)} may hold letters, digits and _ only, and not begin with a digit`,
    );
  }
  const { type, nullable } = parseType(name, field.type);
  const [categorical, textual, itemName] = ['categorical', 'textual', 'itemName'].map((attribute) => {
    const value = field[attribute];
    if (value !== undefined && typeof value !== 'boolean')
      throw refusal(`"${attribute}" of ${name} must be true or false`);
    if (value && type !== 'string') throw refusal(`${name} is ${attribute}, so its type must be string, not ${type}`);
    return value === true;
  });
  if (categorical && textual) throw refusal(`${name} is both categorical and textual, but can only be one of them`);
  if (itemName && categorical) throw refusal(`${name} is both categorical and itemName, but can only be one of them`);
  return {
    name,
    type,
    nullable,
    categorical: categorical === true,
    textual: textual === true,
    ...(itemName && { isItemName: true }),
  };
}

function parseType(name: string, type: unknown): { type: FieldType; nullable: boolean } {
  const members: readonly unknown[] = Array.isArray(type) ? type : [type];
  const values = members.filter((member) => member !== 'null');
  const value = fieldTypes.find((candidate) => candidate === values[0]);
  const nulls = members.length - values.length;
  if (value === undefined || values.length !== 1 || nulls > 1) {
    throw refusal(
      `the type of ${name} must be one of ${fieldTypes.join(', ')}, alone or in a union with null, but is ${shortJson(type)}`,
    );
  }
  return { type: value, nullable: nulls === 1 };
}

/** Names must differ in more than punctuation; also in more than case, as columns of tables do. */
function checkNames({ fields }: DatasetSchema): void {
  const seen = new Map<string, string>();
  for (const { name } of fields) {
    const key = name.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase();
    const other = seen.get(key);
    if (other !== undefined) {
      throw refusal(
        `the field names ${other} and ${name} must differ in more than case and characters other than letters and digits`,
      );
    }
    seen.set(key, name);
  }
}

function checkReserved(field: Field, rule: ReservedField): void {
  const { name } = field;
  if (field.type !== rule.type) throw refusal(`the type of ${name} must be ${rule.type}, not ${field.type}`);
  if (rule.required && field.nullable) throw refusal(`${name} is required and cannot be null`);
  if (rule.categorical && !field.categorical) throw refusal(`${name} must be "categorical": true`);
  if (!rule.categorical && field.categorical) throw refusal(`${name} cannot be categorical`);
  if (rule.textual && !field.textual) throw refusal(`${name} must be "textual": true`);
  if (!rule.textual && field.textual) throw refusal(`${name} cannot be textual`);
}

/** Whether a model can learn from the field. */
function isFeature(field: Field): boolean {
  return field.type === 'string' ? field.categorical || field.textual : field.type !== 'boolean';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

const refusal = (rule: string) => invalidInput(`The schema is not valid: ${rule}.`);
