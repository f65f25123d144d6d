import type { TSchema } from 'typebox';
import { tooLong } from './violations.ts';

/**
 * Returns the members of a value that a schema knows. A value of the wrong JSON type is returned as it is.
 *
 * Checks maxima first, on the way down: an oversized list, or a long text meant for a pattern, must not cost more than
 * a valid body.
 *
 * @param path of the value, as messages show it
 * @throws ServiceError InvalidInputException if a text, list or map exceeds its maximum
 */
export type Reader = (value: unknown, path: string) => unknown;

/** The keywords of the schemas in shape.ts that a reader uses. */
type Facts = {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly additionalProperties?: TSchema;
  readonly propertyNames?: TSchema;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly timestamp?: boolean;
  readonly emptyIsAbsent?: boolean;
};

/** Builds the reader of a schema. */
export function readerOf(schema: TSchema): Reader {
  const { properties, items, additionalProperties, propertyNames, maxLength, maxItems, maxProperties }: Facts = schema;
  const { timestamp }: Facts = schema;
  if (timestamp) return readTime;
  if (items) return listReader(items, maxItems);
  if (additionalProperties && propertyNames) return mapReader(propertyNames, additionalProperties, maxProperties);
  if (properties) return structureReader(properties);
  return maxLength === undefined ? (value) => value : textReader(maxLength);
}

/** Accepts a number in a string too: the service's own examples send times that way (spec events.md §2). */
const readTime: Reader = (value) =>
  typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? Number(value) : value;

/** Counts code points, each of which takes one or two UTF-16 units. */
function textReader(max: number): Reader {
  return (value, path) => {
    if (typeof value !== 'string' || value.length <= max) return value;
    if (value.length > 2 * max || [...value].length > max) throw tooLong(value, path, max);
    return value;
  };
}

function listReader(member: TSchema, max = Number.POSITIVE_INFINITY): Reader {
  const read = readerOf(member);
  return (value, path) => {
    if (!Array.isArray(value)) return value;
    if (value.length > max) throw tooLong(value, path, max);
    return value.map((each, index) => read(each, inside(path, `${index + 1}.member`)));
  };
}

function mapReader(key: TSchema, member: TSchema, maxProperties = Number.POSITIVE_INFINITY): Reader {
  const { enum: possibleKeys }: Facts = key;
  const max = Math.min(maxProperties, possibleKeys?.length ?? Number.POSITIVE_INFINITY);
  const readKey = readerOf(key);
  const read = memberReader(member);
  return (value, path) => {
    if (!isObject(value)) return value;
    const keys = Object.keys(value);
    if (keys.length > max) throw tooLong(value, path, max);
    return membersOf(value, keys, (name, each) => {
      readKey(name, inside(path, name));
      return read(each, inside(path, name));
    });
  };
}

function structureReader(properties: Readonly<Record<string, TSchema>>): Reader {
  const readers = Object.entries(properties).map(([name, member]) => ({ name, read: memberReader(member) }));
  return (value, path) => {
    if (!isObject(value)) return value;
    // No schema has a member `__proto__`, which an assignment would not make.
    const members: Record<string, unknown> = {};
    for (const { name, read } of readers) {
      const member = Object.hasOwn(value, name) ? read(value[name], inside(path, name)) : undefined;
      if (member !== undefined) members[name] = member;
    }
    return members;
  };
}

/** Returns undefined for an absent member. AWS's JSON protocols treat an explicit null as not sent. */
function memberReader(schema: TSchema): Reader {
  const { emptyIsAbsent }: Facts = schema;
  const read = readerOf(schema);
  return (value, path) => (value === null || (emptyIsAbsent && value === '') ? undefined : read(value, path));
}

function membersOf(value: Members, keys: readonly string[], read: (key: string, member: unknown) => unknown): object {
  const members = keys.map((key): [string, unknown] => [key, read(key, value[key])]);
  // fromEntries makes `__proto__` an ordinary member; an assignment would set the prototype.
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

type Members = { readonly [key: string]: unknown };

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const inside = (path: string, step: string) => (path === '' ? step : `${path}.${step}`);
