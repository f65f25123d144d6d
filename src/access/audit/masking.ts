/** What stands in the place of a sensitive value, as in CloudTrail. */
export const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** What a schema of the contract says of a value, as far as it matters here. */
export type Shape = {
  readonly sensitive?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly propertyNames?: Shape;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
};

type Mask = (value: unknown) => unknown;

/** Members that name a person, though the service models do not call them sensitive everywhere. */
const personal = new Set(['userId']);

const masks = new WeakMap<Shape, Mask>();

/** A value of a shape without what is sensitive in it, and without members that the shape does not know. */
export function masked(shape: Shape, value: unknown): unknown {
  const known = masks.get(shape);
  if (known) return known(value);
  const mask = maskOf(shape) ?? ((value: unknown) => value);
  masks.set(shape, mask);
  return mask(value);
}

/** Whether values of a shape may hold something sensitive. */
export const mayBeSensitive = (shape: Shape): boolean => maskOf(shape) !== undefined;

/** Undefined where nothing is sensitive. */
function maskOf(shape: Shape): Mask | undefined {
  const { sensitive, properties, items, propertyNames, additionalProperties, anyOf } = shape;
  if (sensitive || propertyNames?.sensitive) return hide;
  if (properties) return maskOfMembers(properties);
  if (items) return maskOfList(maskOf(items));
  if (typeof additionalProperties === 'object') return maskOfMap(maskOf(additionalProperties));
  // Of the alternatives, null is the one that is never sensitive.
  return anyOf?.map(maskOf).find((mask) => mask !== undefined);
}

const hide: Mask = (value) => (value === null ? null : hidden);

function maskOfMembers(properties: Readonly<Record<string, Shape>>): Mask | undefined {
  const members = Object.entries(properties).map(
    ([name, shape]) => [name, personal.has(name) && shape.sensitive !== false ? hide : maskOf(shape)] as const,
  );
  if (members.every(([, mask]) => mask === undefined)) return undefined;
  return (value) => {
    if (!isObject(value)) return hide(value);
    const safe: Record<string, unknown> = {};
    for (const [name, mask] of members) {
      const member = value[name];
      if (member !== undefined) safe[name] = mask ? mask(member) : member;
    }
    return safe;
  };
}

const maskOfList = (mask: Mask | undefined): Mask | undefined =>
  mask && ((value) => (Array.isArray(value) ? value.map(mask) : hide(value)));

const maskOfMap = (mask: Mask | undefined): Mask | undefined =>
  mask &&
  ((value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mask(member)]))
      : hide(value));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
