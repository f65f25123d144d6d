import { invalidInput } from '../../contract/errors.ts';
import type { DatasetSchema, Field } from '../../data/dataset-schema.ts';
import { type DatasetType, idColumns } from '../../data/dataset-types.ts';

/**
 * Checks that a dataset's schema may give way to another: every field stays as it is, and new ones may be null
 * (spec datasets.md §7).
 *
 * @throws ServiceError InvalidInputException, naming the first field that breaks the rule.
 */
export function checkReplacement(type: DatasetType, present: DatasetSchema, replacement: DatasetSchema): void {
  if (!Object.hasOwn(idColumns, type)) {
    throw invalidInput('Only the schema of an Items, Users or Actions dataset can be replaced.');
  }
  for (const field of present.fields) {
    const successor = replacement.fields.find(({ name }) => name === field.name);
    if (!successor) throw invalidInput(`The new schema lacks the field ${field.name}; fields cannot be removed.`);
    if (!sameField(field, successor)) {
      throw invalidInput(`The new schema changes the field ${field.name}; its type and attributes must stay the same.`);
    }
  }
  const demanding = replacement.fields.find((field) => !field.nullable && isAdded(field, present));
  if (demanding) throw invalidInput(`The new field ${demanding.name} must allow null.`);
}

const sameField = (a: Field, b: Field) =>
  a.type === b.type &&
  a.nullable === b.nullable &&
  a.categorical === b.categorical &&
  a.textual === b.textual &&
  a.isItemName === b.isItemName;

const isAdded = ({ name }: Field, present: DatasetSchema) => present.fields.every((field) => field.name !== name);
