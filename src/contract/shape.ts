/**
 * The functions that the contract is written with. Each returns a TypeBox schema, so that one definition gives the
 * TypeScript type, the validator and the documentation of a shape.
 */
import type { Readable } from 'node:stream';
import Type, { type Static, type TProperties, type TSchema } from 'typebox';

export type { Static, TSchema } from 'typebox';

/** Limits as in the service model: lengths of strings, sizes of lists and maps, values of numbers. */
type Limits = { readonly min?: number; readonly max?: number; readonly sensitive?: boolean };

/**
 * A string. `pattern` is the service model's text. The service matches it against the whole string, so the schema
 * anchors it, and keeps the original as `modelPattern` for error messages.
 *
 * `sensitive: false` says that a member is not, though one of that name may be elsewhere.
 *
 * `linear` replaces a pattern that backtracks: it accepts the same strings, in linear time.
 */
export function string({
  min,
  max,
  pattern,
  linear = pattern,
  sensitive,
}: Limits & { readonly pattern?: string; readonly linear?: string } = {}) {
  return Type.String({
    ...(min !== undefined && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
    ...(pattern !== undefined && { pattern: `^(?:${linear})$`, modelPattern: pattern }),
    ...(sensitive !== undefined && { sensitive }),
  });
}

export function enumeration<const Values extends readonly string[]>(values: Values) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values] });
}

export function integer({ min, max }: Limits = {}) {
  return Type.Integer({ ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) });
}

export function double({ min, max }: Limits = {}) {
  return Type.Number({ ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) });
}

export function boolean() {
  return Type.Boolean();
}

/** A point in time: on the wire, seconds since the epoch with three decimals. */
export function timestamp() {
  return Type.Number({ timestamp: true });
}

const base64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?';

/** Bytes: on the wire, text in base64. Limits count bytes; the schema bounds the text, which has up to two more. */
export function blob({ min = 0, max, sensitive }: Limits & { readonly max: number }) {
  return Type.String({
    bytes: { min, max },
    minLength: 4 * Math.ceil(min / 3),
    maxLength: 4 * Math.ceil(max / 3),
    pattern: `^(?:${base64})$`,
    modelPattern: base64,
    ...(sensitive && { sensitive }),
  });
}

/** A string that contains JSON (`jsonvalue` in the service model). */
export function jsonText<S extends TSchema>(schema: S): S {
  return { ...schema, jsonText: true };
}

export function list<Member extends TSchema>(member: Member, { min, max, sensitive }: Limits = {}) {
  return Type.Array(member, {
    ...(min !== undefined && { minItems: min }),
    ...(max !== undefined && { maxItems: max }),
    ...(sensitive && { sensitive }),
  });
}

export function map<Key extends TSchema, Value extends TSchema>(
  key: Key,
  value: Value,
  { max, sensitive }: Limits = {},
) {
  return Type.Unsafe<{ [key: string]: Static<Value> }>({
    type: 'object',
    propertyNames: key,
    additionalProperties: value,
    ...(max !== undefined && { maxProperties: max }),
    ...(sensitive && { sensitive }),
  });
}

/** A string that counts as absent if it is empty: client libraries send it so. */
export function absentWhenEmpty<S extends TSchema>(schema: S): S {
  return { ...schema, emptyIsAbsent: true };
}

export function optional<S extends TSchema>(schema: S) {
  return Type.Optional(schema);
}

/** A member that is always there, and null where there is no value. */
export function nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** Bytes that an answer sends as they are. `size` is their number. */
export type ByteStream = { readonly content: Readable; readonly size: number };

export function byteStream(mediaType: string) {
  return Type.Unsafe<ByteStream>({ contentMediaType: mediaType });
}

export function structure<Members extends TProperties>(members: Members, { sensitive }: Limits = {}) {
  return Type.Object(members, sensitive ? { sensitive } : {});
}

/** The input or output of an operation that has no members. */
export const Empty = structure({});
