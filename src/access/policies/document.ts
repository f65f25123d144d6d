import { MalformedPolicyError } from './malformed-policy.ts';

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** No document is longer than this, in characters, whatever it is for. */
export const documentLength = 131_072;

/** A document nests no deeper: statements, conditions, operators, keys, values. */
const deepest = 10;

/**
 * Reads the JSON of a policy. A key that is given twice is refused, because readers differ on which of the two counts.
 *
 * @throws MalformedPolicyError
 */
export function readDocument(text: string): JsonObject {
  if (text.length > documentLength) {
    throw new MalformedPolicyError('', `The document has more than ${documentLength} characters.`);
  }
  refuseDepthAndDuplicates(text);
  const document = parse(text);
  if (!isObject(document)) throw new MalformedPolicyError('', 'Syntax errors in policy. It must be a JSON object.');
  return document;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MalformedPolicyError('', `Syntax errors in policy. It is no JSON: ${reason}.`);
  }
}

const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs;

/** Looks at keys and brackets alone; whether the rest is JSON is for the parser to say. */
function refuseDepthAndDuplicates(text: string): void {
  const open: Set<string>[] = [];
  for (const [found, isKey] of text.matchAll(token)) {
    if (found === '{' || found === '[') open.push(new Set());
    else if (found === '}' || found === ']') open.pop();
    else if (isKey !== undefined) noteKey(open.at(-1), found.slice(0, -isKey.length));
    if (open.length > deepest) throw new MalformedPolicyError('', `The document nests deeper than ${deepest} levels.`);
  }
}

function noteKey(keys: Set<string> | undefined, quoted: string): void {
  const key = String(parse(quoted));
  if (keys?.has(key)) throw new MalformedPolicyError('', `Syntax errors in policy. The key ${quoted} is given twice.`);
  keys?.add(key);
}
