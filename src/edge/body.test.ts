import { expect, test } from 'vitest';
import { operations } from '../contract/operations.ts';
import type { TSchema } from '../contract/shape.ts';
import { decodeJson, largestBody, mostValues } from './body.ts';

type Size = { readonly bytes: number; readonly values: number };
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

/** The largest input that a schema allows, each character written as `\uXXXX`, and the count of its values. */
function largest(schema: TSchema): Size {
  const { properties, items, propertyNames, additionalProperties, maxLength, maxItems, maxProperties }: Facts = schema;
  if (properties) return sum(Object.entries(properties).map(([name, member]) => named(name.length, largest(member))));
  if (items) return times(maxItems ?? unlimited, largest(items));
  if (propertyNames && additionalProperties) {
    return times(maxProperties ?? unlimited, named(largest(propertyNames).bytes, largest(additionalProperties)));
  }
  return { bytes: 6 * (maxLength ?? 20), values: 1 };
}

const named = (nameBytes: number, { bytes, values }: Size) => ({ bytes: nameBytes + 4 + bytes, values });
const times = (count: number, { bytes, values }: Size) => ({ bytes: count * (bytes + 3), values: count * values + 1 });
const sum = (sizes: readonly Size[]) => ({
  bytes: sizes.reduce((total, { bytes }) => total + bytes, 2),
  values: sizes.reduce((total, { values }) => total + values, 1),
});

// Nobody lists 10,000 texts of 1,000 characters as the hyperparameters to try.
const withinReason = Object.entries(operations).filter(([name]) => name !== 'CreateSolution');

test.each(withinReason)(
  'the largest input of %s that the contract allows is within the limits of a body',
  (_, { input }) => {
    const { bytes, values } = largest(input);
    expect(bytes).toBeLessThan(largestBody);
    expect(values).toBeLessThan(mostValues);
  },
);

test('text within strings counts as no value', () => {
  const text = '[{,'.repeat(30_000);
  expect(decodeJson(Buffer.from(JSON.stringify({ text, escaped: '"[,\\' })))).toEqual({ text, escaped: '"[,\\' });
});
