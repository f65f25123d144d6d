import type { TSchema } from 'typebox';
import type { Address, KnownOperation } from './addressing.ts';

/** More bytes than the contract allows to any operation's input that anybody sends. */
export const largestBody = 2 * 2 ** 20;

/** For blanks, and for members that a newer client knows. */
const room = 64 * 1024;

const limits = new Map<KnownOperation, number>();

/** A form names its operation itself: the largest has a policy of 131,072 characters, each encoded. */
const largestForm = 512 * 1024;

/**
 * The bytes that the body of a call may have: what the contract allows to its input, every character escaped, and some
 * room. A request that addresses no operation has the room alone.
 */
export function bodyLimit({ operation, protocol }: Address): number {
  if (protocol === 'query') return largestForm;
  if (operation === undefined || operation.method === 'GET') return room;
  const known = limits.get(operation);
  if (known !== undefined) return known;
  const limit = Math.min(largestBody, largestInput(operation.input).bytes + room);
  limits.set(operation, limit);
  return limit;
}

type Size = { readonly bytes: number; readonly values: number };

/** The keywords of the schemas in shape.ts that limit sizes. */
type Facts = {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly propertyNames?: TSchema;
  readonly additionalProperties?: TSchema;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
};

/** What the contract names no maximum for: the quotas do (500 items of a ranking). */
const unlimited = 500;

/** The largest JSON that a schema allows, each character written as `\uXXXX`, and the count of its values. */
export function largestInput(schema: TSchema): Size {
  const { properties, items, propertyNames, additionalProperties, maxLength, maxItems, maxProperties }: Facts = schema;
  if (properties) {
    return sum(Object.entries(properties).map(([name, member]) => named(name.length, largestInput(member))));
  }
  if (items) return times(maxItems ?? unlimited, largestInput(items));
  if (propertyNames && additionalProperties) {
    const entry = named(largestInput(propertyNames).bytes, largestInput(additionalProperties));
    return times(maxProperties ?? unlimited, entry);
  }
  return { bytes: 6 * (maxLength ?? 20), values: 1 };
}

const named = (nameBytes: number, { bytes, values }: Size) => ({ bytes: nameBytes + 4 + bytes, values });
const times = (count: number, { bytes, values }: Size) => ({ bytes: count * (bytes + 3), values: count * values + 1 });
const sum = (sizes: readonly Size[]) => ({
  bytes: sizes.reduce((total, { bytes }) => total + bytes, 2),
  values: sizes.reduce((total, { values }) => total + values, 1),
});
