import { parseRange } from './addresses.ts';
import type { Context } from './context.ts';
import { parseDate } from './dates.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { readArn } from './patterns.ts';
import { readTemplate, Template } from './template.ts';

/** Whether a value of the request is as one value of the policy says. */
export type ValueTest = (value: string, context: Context) => boolean;

/** Where a value of a condition stands, and how it is read. */
export type ValueReading = { readonly place: string; readonly variables: boolean };

export type Operator = {
  /** Holds where none of the policy's values does. */
  readonly negated: boolean;
  /** @throws MalformedPolicyError */
  readonly read: (text: string, reading: ValueReading) => ValueTest;
};

const equal: Operator['read'] = (text, { place, variables }) => {
  const template = new Template(readTemplate(place, text, { variables, wildcards: false }));
  return (value, context) => template.matches(value, context);
};

/** A variable's value may be in any case, too. */
const equalInAnyCase: Operator['read'] = (text, { place, variables }) => {
  const parts = readTemplate(place, text, { variables, wildcards: false });
  const lower = new Template(
    parts.map((part) => (typeof part === 'string' ? part.toLowerCase() : lowerFallback(part))),
  );
  return (value, context) => lower.matches(value.toLowerCase(), (key) => context(key)?.map((one) => one.toLowerCase()));
};

const lowerFallback = <Part extends object>(part: Part): Part =>
  'fallback' in part && typeof part.fallback === 'string' ? { ...part, fallback: part.fallback.toLowerCase() } : part;

const like: Operator['read'] = (text, { place, variables }) => {
  const template = new Template(readTemplate(place, text, { variables, wildcards: true }));
  return (value, context) => template.matches(value, context);
};

const arn: Operator['read'] = (text, { place, variables }) => {
  const pattern = readArn(place, text, variables);
  return (value, context) => pattern.matches(value, context);
};

type Comparison = (value: number, limit: number) => boolean;

const compared =
  (parse: (text: string) => number | undefined, kind: string, holds: Comparison): Operator['read'] =>
  (text, { place }) => {
    const limit = parse(text);
    if (limit === undefined) throw new MalformedPolicyError(place, `${JSON.stringify(text)} is no ${kind}.`);
    return (value) => {
      const parsed = parse(value);
      return parsed !== undefined && holds(parsed, limit);
    };
  };

const parseNumber = (text: string) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined);
const numeric = (holds: Comparison) => compared(parseNumber, 'number', holds);
const date = (holds: Comparison) => compared(parseDate, 'date (ISO 8601, or seconds since 1970)', holds);

const bool: Operator['read'] = (text, reading) => {
  if (!/^(true|false)$/i.test(text) && !(reading.variables && text.startsWith('${'))) {
    throw new MalformedPolicyError(reading.place, `${JSON.stringify(text)} is neither true nor false.`);
  }
  return equalInAnyCase(text, reading);
};

const binary: Operator['read'] = (text, { place }) => {
  const bytes = bytesOf(text);
  if (!bytes) throw new MalformedPolicyError(place, `${JSON.stringify(text)} is no text in base64.`);
  return (value) => bytesOf(value)?.equals(bytes) ?? false;
};

const bytesOf = (text: string) =>
  /^(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}(?:==)?|[a-z\d+/]{3}=?)?$/i.test(text) ? Buffer.from(text, 'base64') : undefined;

const address: Operator['read'] = (text, { place }) => {
  const range = parseRange(text);
  if (!range) throw new MalformedPolicyError(place, `${JSON.stringify(text)} is no IP address or range.`);
  return (value) => range.contains(value);
};

const positive = (read: Operator['read']): Operator => ({ negated: false, read });
const negated = (read: Operator['read']): Operator => ({ negated: true, read });

/** Every operator but `Null`, by name. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: positive(equal),
    StringNotEquals: negated(equal),
    StringEqualsIgnoreCase: positive(equalInAnyCase),
    StringNotEqualsIgnoreCase: negated(equalInAnyCase),
    StringLike: positive(like),
    StringNotLike: negated(like),
    NumericEquals: positive(numeric((value, limit) => value === limit)),
    NumericNotEquals: negated(numeric((value, limit) => value === limit)),
    NumericLessThan: positive(numeric((value, limit) => value < limit)),
    NumericLessThanEquals: positive(numeric((value, limit) => value <= limit)),
    NumericGreaterThan: positive(numeric((value, limit) => value > limit)),
    NumericGreaterThanEquals: positive(numeric((value, limit) => value >= limit)),
    DateEquals: positive(date((value, limit) => value === limit)),
    DateNotEquals: negated(date((value, limit) => value === limit)),
    DateLessThan: positive(date((value, limit) => value < limit)),
    DateLessThanEquals: positive(date((value, limit) => value <= limit)),
    DateGreaterThan: positive(date((value, limit) => value > limit)),
    DateGreaterThanEquals: positive(date((value, limit) => value >= limit)),
    Bool: positive(bool),
    BinaryEquals: positive(binary),
    IpAddress: positive(address),
    NotIpAddress: negated(address),
    ArnEquals: positive(arn),
    ArnLike: positive(arn),
    ArnNotEquals: negated(arn),
    ArnNotLike: negated(arn),
  }),
);
