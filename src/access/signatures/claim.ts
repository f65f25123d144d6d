import { ServiceError } from '../../contract/errors.ts';
import { partsOf, type SignedRequest } from './signed-request.ts';

/** What a Signature Version 4 says of itself. Nothing of it is verified yet. */
export type SignatureClaim = {
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** All of these: `<yyyymmdd>/<region>/<service>/aws4_request`. */
  readonly scope: string;
  /** Names of headers in lower case, with `;` between them. */
  readonly signedHeaders: string;
  /** In hexadecimal. */
  readonly signature: string;
  /** When it was signed, as it was sent: `yyyymmddThhmmssZ`, or any form of a Date header. */
  readonly signedAt: string;
  /** Seconds for which a URL is valid, as they were sent. */
  readonly expires?: string | undefined;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
};

export const algorithm = 'AWS4-HMAC-SHA256';

type Unverified = Pick<SignedRequest, 'url' | 'headers'>;

/**
 * Reads a Signature Version 4 from the Authorization header or from the query string.
 *
 * @param service the name that the scope must have
 * @throws ServiceError MissingAuthenticationToken without a signature, IncompleteSignature if a part of it lacks or is
 *   malformed or there are two, InvalidSignatureException if it is made for another service or for no region.
 */
export function readClaim({ url, headers }: Unverified, service: string): SignatureClaim {
  const { query } = partsOf(url);
  const parameters = query.includes('X-Amz-') ? new URLSearchParams(query) : undefined;
  const isPresigned = parameters?.has('X-Amz-Algorithm') || parameters?.has('X-Amz-Signature');
  if (headers.authorization === undefined) {
    if (parameters && isPresigned) return fromQuery(parameters, service);
    throw new ServiceError('MissingAuthenticationToken', 'Missing Authentication Token');
  }
  if (isPresigned)
    throw incomplete('The request has a signature in its query and another in its Authorization header.');
  return fromHeader(headers.authorization, headers, service);
}

function fromHeader(authorization: string, headers: Unverified['headers'], service: string): SignatureClaim {
  const signedAt = headers['x-amz-date'] ?? headers.date;
  const usual = signedAt === undefined ? undefined : usualStart(authorization.slice(0, -digits), service);
  const [credential = '', signedHeaders = '', signature = ''] = usual ? [] : membersOf(authorization, headers);
  if (signedAt === undefined) throw incomplete(lacking(headers).join(' '));
  const start = usual ?? { ...readScope(credential, service), signedHeaders };
  const sessionToken = headers['x-amz-security-token'];
  return {
    form: 'header',
    accessKeyId: start.accessKeyId,
    date: start.date,
    region: start.region,
    service,
    scope: start.scope,
    signedHeaders: start.signedHeaders,
    signature: usual ? authorization.slice(-digits) : signature,
    signedAt: String(signedAt),
    sessionToken: sessionToken === undefined ? undefined : String(sessionToken),
  };
}

/** Of a signature. */
const digits = 64;

/** The header up to its signature, as every SDK writes it. */
const usualForm = /^AWS4-HMAC-SHA256 Credential=([^,\s=]+), ?SignedHeaders=([^,\s=]+), ?Signature=$/;

type HeaderStart = ReturnType<typeof readScope> & Pick<SignatureClaim, 'signedHeaders'>;

/** Those that were read lately: a client writes the same all day. */
const knownStarts = new Map<string, HeaderStart>();
const mostKnown = 1000;
const longestKnown = 1000;

/** What the start of a header says; undefined for one in another form. @throws ServiceError as `readClaim` */
function usualStart(text: string, service: string): HeaderStart | undefined {
  const known = knownStarts.get(text);
  if (known?.service === service) return known;
  const [, credential, signedHeaders] = usualForm.exec(text) ?? [];
  if (credential === undefined || signedHeaders === undefined) return undefined;
  const start = { ...readScope(credential, service), signedHeaders };
  if (knownStarts.size >= mostKnown) knownStarts.clear();
  if (text.length <= longestKnown) knownStarts.set(text, start);
  return start;
}

/** Credential, SignedHeaders and Signature of a header in any other order or with other blanks. */
function membersOf(authorization: string, headers: Unverified['headers']): readonly (string | undefined)[] {
  const space = authorization.indexOf(' ');
  requireAlgorithm(space < 0 ? authorization : authorization.slice(0, space));
  const members = new Map<string, string>();
  for (const member of authorization.slice(space + 1).split(',')) {
    const equals = member.indexOf('=');
    if (equals < 0) continue;
    const name = member.slice(0, equals).trim();
    if (members.has(name)) throw incomplete(`Authorization header has '${name}' twice.`);
    members.set(name, member.slice(equals + 1).trim());
  }
  const names = ['Credential', 'SignedHeaders', 'Signature'];
  const missing = names.filter((name) => !members.get(name)).sort();
  if (missing.length > 0) throw incomplete(lacking(headers, missing).join(' '));
  return names.map((name) => members.get(name));
}

const lacking = (headers: Unverified['headers'], members: readonly string[] = []) => [
  ...members.map((name) => `Authorization header requires '${name}' parameter.`),
  ...(headers['x-amz-date'] === undefined && headers.date === undefined
    ? ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."]
    : []),
];

function fromQuery(parameters: URLSearchParams, service: string): SignatureClaim {
  requireAlgorithm(parameters.get('X-Amz-Algorithm') ?? '');
  const given = (name: string) => parameters.get(name) ?? '';
  const missing = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Signature', 'X-Amz-SignedHeaders']
    .filter((name) => given(name) === '')
    .map((name) => `AWS query-string parameters must include '${name}'.`);
  if (missing.length > 0) throw incomplete(missing.join(' '));
  return {
    form: 'query',
    ...readScope(given('X-Amz-Credential'), service),
    signedHeaders: given('X-Amz-SignedHeaders'),
    signature: given('X-Amz-Signature'),
    signedAt: given('X-Amz-Date'),
    expires: parameters.get('X-Amz-Expires') ?? undefined,
    sessionToken: parameters.get('X-Amz-Security-Token') ?? undefined,
  };
}

function requireAlgorithm(given: string): void {
  if (given !== algorithm) throw incomplete(`The signature must be made with ${algorithm}.`);
}

/** `<access key>/<yyyymmdd>/<region>/<service>/aws4_request` */
function readScope(credential: string, expected: string) {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || !terminator || more.length > 0) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request.',
    );
  }
  if (!/^[\x21-\x7e]{1,128}$/.test(accessKeyId)) throw incomplete('The access key of the Credential is malformed.');
  if (!/^\d{8}$/.test(date)) throw incomplete('Date in Credential scope must have the form YYYYMMDD.');
  if (terminator !== 'aws4_request') throw incomplete("Credential should be scoped with 'aws4_request'.");
  if (!/^[a-z][a-z\d-]{0,62}$/.test(region)) throw invalidSignature('Credential should be scoped to a valid region.');
  if (service !== expected) throw invalidSignature(`Credential should be scoped to correct service: '${expected}'.`);
  return { accessKeyId, date, region, service, scope: credential.slice(accessKeyId.length + 1) };
}

export const incomplete = (message: string) => new ServiceError('IncompleteSignature', message);

export const invalidSignature = (message: string) => new ServiceError('InvalidSignatureException', message);
