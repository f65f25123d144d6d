import { invalidInput } from '../../contract/errors.ts';
import type { Field } from '../dataset-schema.ts';
import type { Layout } from './layout.ts';
import { normalKey, type Properties, requireValue, type ValueReader, valueReader } from './properties.ts';

/** A column of events that their schema adds to the reserved ones. */
export type OwnColumn = {
  readonly field: Field;
  /**
   * A column with the name of a member, such as SESSION_ID: where a line of the log has the member, and how the column
   * reads it.
   */
  readonly member: { readonly index: number; readonly read: ValueReader } | undefined;
};

/** @param members the columns of the layout that members of an event or its call fill; hidden ones begin with `$` */
export function ownColumn(field: Field, members: readonly string[], layout: Layout): OwnColumn {
  const member = members.find((name) => normalKey(name.replace('$', '')) === normalKey(field.name));
  if (member === undefined) return { field, member };
  return { field, member: { index: layout.findIndex(({ name }) => name === member), read: valueReader(field) } };
}

/**
 * The value of an own column: that of the member of its name, or else that of the properties.
 *
 * @param values the members of the event, in the layout's order
 * @param reserved keys that properties may only repeat
 * @throws ServiceError InvalidInputException if a column that must have a value has none, or the properties contradict
 *   the member
 */
export function ownValue(
  { field, member }: OwnColumn,
  values: readonly string[],
  properties: Properties,
  reserved: readonly string[],
  path: string,
): string {
  const property = properties.get(field.name);
  if (!member) requireValue(field, property, path);
  const given = (member && values[member.index]) ?? '';
  if (!member || given === '') return property ?? '';
  const value = member.read(given, `${path}.${field.name}`);
  if (property === undefined || property === value || !reserved.includes(normalKey(field.name))) return value;
  throw invalidInput(
    `${path}.properties has '${property}' for ${field.name}, which is '${value}' in the record itself: leave it out of the properties.`,
  );
}
