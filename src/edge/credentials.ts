import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../contract/errors.ts';

/** Who signed a request, as the signature's scope says. The signature itself is not verified yet. */
export type Credentials = { readonly accessKeyId: string; readonly region: string };

const algorithm = 'AWS4-HMAC-SHA256';
const signingName = 'personalize';

/**
 * Reads the scope of a Signature Version 4, from the Authorization header or from the query string.
 *
 * @throws ServiceError MissingAuthenticationToken without a signature, IncompleteSignature if a part of it lacks or is
 *   malformed, InvalidSignatureException if it is made for another service or for no region.
 */
export function readCredentials(headers: IncomingHttpHeaders, query: string): Credentials {
  if (headers.authorization !== undefined) return fromHeader(headers.authorization, headers);
  const parameters = new URLSearchParams(query);
  if (parameters.has('X-Amz-Algorithm') || parameters.has('X-Amz-Signature')) return fromQuery(parameters);
  throw new ServiceError('MissingAuthenticationToken', 'Missing Authentication Token');
}

function fromHeader(authorization: string, headers: IncomingHttpHeaders): Credentials {
  const space = authorization.indexOf(' ');
  requireAlgorithm(space < 0 ? authorization : authorization.slice(0, space));
  const members = new Map<string, string>();
  for (const member of authorization.slice(space + 1).split(',')) {
    const equals = member.indexOf('=');
    if (equals > 0) members.set(member.slice(0, equals).trim(), member.slice(equals + 1).trim());
  }
  const lacking = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !members.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (headers['x-amz-date'] === undefined && headers.date === undefined) {
    lacking.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (lacking.length > 0) throw incomplete(lacking.join(' '));
  return readScope(members.get('Credential') ?? '');
}

function fromQuery(parameters: URLSearchParams): Credentials {
  requireAlgorithm(parameters.get('X-Amz-Algorithm') ?? '');
  const lacking = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Signature', 'X-Amz-SignedHeaders']
    .filter((name) => !parameters.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'.`);
  if (lacking.length > 0) throw incomplete(lacking.join(' '));
  return readScope(parameters.get('X-Amz-Credential') ?? '');
}

function requireAlgorithm(given: string): void {
  if (given !== algorithm) throw incomplete(`The signature must be made with ${algorithm}.`);
}

/** `<access key>/<yyyymmdd>/<region>/<service>/aws4_request` */
function readScope(credential: string): Credentials {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || !terminator || more.length > 0) {
    throw incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request.',
    );
  }
  if (!/^[\x21-\x7e]{1,128}$/.test(accessKeyId)) throw incomplete('The access key of the Credential is malformed.');
  if (!/^\d{8}$/.test(date)) throw incomplete('Date in Credential scope must have the form YYYYMMDD.');
  if (terminator !== 'aws4_request') throw incomplete("Credential should be scoped with 'aws4_request'.");
  if (!/^[a-z][a-z\d-]{0,62}$/.test(region)) {
    throw new ServiceError('InvalidSignatureException', 'Credential should be scoped to a valid region.');
  }
  if (service !== signingName) {
    throw new ServiceError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${signingName}'.`,
    );
  }
  return { accessKeyId, region };
}

const incomplete = (message: string) => new ServiceError('IncompleteSignature', message);
