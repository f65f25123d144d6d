import { incomplete, invalidSignature } from './claim.ts';
import { hasDoubles } from './double-headers.ts';
import { partsOf, type SignedRequest, type SigningRules } from './signed-request.ts';

/**
 * The text that client and server make of a request, each on its own, and of which the signature is made
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * Each of its characters stands for a byte.
 *
 * @param signedHeaders names in lower case and in order
 * @param payloadHash SHA-256 of the body in hexadecimal, or what stands for it
 */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
  { path: form }: Pick<SigningRules, 'path'>,
): string {
  const { path, query } = partsOf(request.url);
  const header = valuesOf(request);
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${header(name)}\n`;
  return `${request.method}\n${canonicalPath(path, form)}\n${canonicalQuery(query)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
}

/** The path of every operation of the three services is its own canonical form. */
const plainPath = /^(\/[\w~-][\w.~-]*)+$|^\/$/;

/** The last path that was one: requests repeat a few. */
let latestPlain = '/';

function canonicalPath(path: string, form: SigningRules['path']): string {
  if (path === latestPlain) return path;
  if (plainPath.test(path)) {
    latestPlain = path;
    return path;
  }
  if (!path.startsWith('/')) throw incomplete('The path of a signed request must begin with a slash.');
  const segments = (form === 'once' ? path : resolved(path)).split('/');
  return segments.map((segment) => encoded(form === 'once' ? decoded(segment) : segment)).join('/');
}

/** Without `.`, `..` and empty segments, as clients do it. */
function resolved(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/**
 * Parameters by name, then by value, without the signature itself. A plus sign is a blank, as the server reads it: a
 * captured `%2B` must not become one.
 */
function canonicalQuery(given: string): string {
  if (given === '') return '';
  const query = given.replaceAll('+', '%20');
  const pairs: (readonly [string, string])[] = [];
  for (const text of query.split('&')) {
    if (text === '') continue;
    const equals = text.indexOf('=');
    const name = decoded(equals < 0 ? text : text.slice(0, equals));
    const value = equals < 0 ? '' : decoded(text.slice(equals + 1));
    if (name !== 'X-Amz-Signature') pairs.push([encoded(name), encoded(value)]);
  }
  pairs.sort(([a, b], [c, d]) => compare(a, c) || compare(b, d));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Percent codes as the bytes that they stand for; what is no code stays. */
const decoded = (text: string) =>
  text.includes('%')
    ? text.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : text;

/** Every byte but those that RFC 3986 has unreserved as a percent code. */
const encoded = (bytes: string) => bytes.replace(/[^\w.~-]/g, codeOf);

const codeOf = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** Finds the canonical value of a header that is signed. @throws ServiceError as `verify` */
function valuesOf(request: SignedRequest): (name: string) => string {
  const { headers, rawHeaders } = request;
  if (!hasDoubles(request)) return (name) => canonicalValue(name, headers[name]);
  const all = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = String(rawHeaders[i]).toLowerCase();
    const values = all.get(name) ?? [];
    if (values.push(trimmed(String(rawHeaders[i + 1]))) === 1) all.set(name, values);
  }
  return (name) => canonicalValue(name, all.get(name)?.join(','));
}

function canonicalValue(name: string, value: string | string[] | undefined): string {
  if (value === undefined) throw invalidSignature(`The request has no header '${name}', which its signature names.`);
  return trimmed(String(value));
}

/** Of blanks and tabs alone, as HTTP has it: a blank of Unicode is part of a value. */
function trimmed(value: string): string {
  let [start, end] = [0, value.length];
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  const text = value.slice(start, end);
  return text.includes('  ') ? text.replace(/ {2,}/g, ' ') : text;
}

const isBlank = (unit: number) => unit === 0x20 || unit === 0x09;
