import type { TSchema } from 'typebox';
import { queryOf } from '../addressing.ts';
import type { WholeRequest } from '../pipeline.ts';
import { type FormNode, malformed, readForm } from './form.ts';
import { wireName } from './wire-name.ts';

/** The keywords of the schemas in shape.ts that a form is read by. */
type Facts = {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly propertyNames?: TSchema;
  readonly additionalProperties?: TSchema;
};

/**
 * The input of an operation from the form of a request. Parameters that the operation does not know are left out.
 *
 * @throws ServiceError as `readForm`, and SerializationException for a parameter of another type
 */
export const decodeQueryInput = ({ url, body }: Pick<WholeRequest, 'url' | 'body'>, input: TSchema): unknown =>
  readValue(readForm(queryOf(url), body), input, '');

function readValue(node: FormNode, schema: TSchema, name: string): unknown {
  const { type, properties, items, propertyNames, additionalProperties }: Facts = schema;
  if (properties) return structureOf(node, properties, name);
  if (items) return numbered(node, 'member', name).map((each) => readValue(each, items, name));
  if (propertyNames && additionalProperties) return mapOf(node, additionalProperties, name);
  if (node.text === undefined || node.below.size > 0) throw malformed(`${name} must be a single value.`);
  return scalarOf(node.text, type, name);
}

function structureOf(node: FormNode, properties: Readonly<Record<string, TSchema>>, name: string): object {
  requireNoText(node, name);
  const given = Object.entries(properties).flatMap(([member, schema]) => {
    const below = node.below.get(wireName(member)) ?? node.below.get(member);
    return below ? [[member, readValue(below, schema, inside(name, wireName(member)))]] : [];
  });
  return Object.fromEntries(given);
}

/** Entries `1.key`, `1.value`, `2.key` and so on. */
function mapOf(node: FormNode, member: TSchema, name: string): object {
  const entries = numbered(node, 'entry', name).map((entry): [string, unknown] => {
    const [key, value] = [entry.below.get('key'), entry.below.get('value')];
    if (key?.text === undefined || value === undefined) throw malformed(`An entry of ${name} lacks a key or a value.`);
    return [key.text, readValue(value, member, inside(name, key.text))];
  });
  if (new Set(entries.map(([key]) => key)).size < entries.length) throw malformed(`${name} has a key twice.`);
  // fromEntries makes `__proto__` an ordinary member.
  return Object.fromEntries(entries);
}

/** What stands below a word and the numbers from 1. Clients send an empty list as an empty text. */
function numbered(node: FormNode, word: string, name: string): FormNode[] {
  requireNoText(node, name);
  const list = node.below.get(word);
  if (list === undefined && node.below.size === 0) return [];
  if (list === undefined || node.below.size > 1) throw malformed(`${name} must be given as ${name}.${word}.1.`);
  requireNoText(list, name);
  return Array.from({ length: list.below.size }, (_none, index) => {
    const each = list.below.get(String(index + 1));
    if (!each) throw malformed(`The numbers in ${name}.${word} must go from 1 to ${list.below.size}.`);
    return each;
  });
}

function requireNoText({ text = '' }: FormNode, name: string): void {
  if (text !== '') throw malformed(`${name} must not be a single value.`);
}

function scalarOf(text: string, type: string | undefined, name: string): unknown {
  if (type === 'integer' || type === 'number') {
    const form = type === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,15})?$/;
    if (form.test(text)) return Number(text);
    throw malformed(`${name} must be a number.`);
  }
  if (type !== 'boolean') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw malformed(`${name} must be true or false.`);
}

const inside = (path: string, step: string) => (path === '' ? step : `${path}.${step}`);
