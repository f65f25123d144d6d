import { normalize } from 'node:path/posix';
import type { SignedRequest } from '../access/signatures/signed-request.ts';
import type { Captured } from './capture.fixture.ts';
import { signedAt } from './captured.fixture.ts';

type Signed = Pick<SignedRequest, 'method' | 'url' | 'headers' | 'rawHeaders'>;

/**
 * What a request says to the server, as far as a signature must cover it: two with the same meaning may be exchanged
 * for one another. It is worked out without the code that verifies.
 *
 * @param isS3 whether S3's rules hold
 */
export function meaningOf({ method, url, headers, rawHeaders }: Signed, body: string, isS3: boolean): string {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const parameters = [...new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map((pair) => JSON.stringify(pair))
    .sort();
  const counts = counting(isS3, headers.authorization !== undefined);
  // An empty token is none.
  const names = Object.keys(headers).filter((name) => counts.test(name) && headers[name] !== '');
  const values = [...names, 'host'].sort().map((name) => [name, collapsed(headers[name])]);
  return JSON.stringify([
    method,
    isS3 ? decodedBytes(path) : normalize(path),
    parameters,
    // Of S3 the signature covers the hash that a header has.
    isS3 ? '' : body,
    values,
    signatureOf(headers.authorization),
    doubles(rawHeaders),
  ]);
}

/** The headers that a signature must cover. One in the query has its date and its token there, and covers no body. */
function counting(isS3: boolean, isHeader: boolean): RegExp {
  if (isS3) return isHeader ? /^x-amz-/ : /^x-amz-(?!content-sha256$)/;
  return isHeader ? /^x-amz-(target|date|security-token)$/ : /^x-amz-target$/;
}

const collapsed = (value: unknown) => String(value).replace(/ +/g, ' ');

const decodedBytes = (path: string) =>
  path.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

/** The three members of an Authorization header, whatever else is in it. */
function signatureOf(authorization: string | undefined): readonly string[] {
  if (authorization === undefined) return [];
  const members = authorization.slice(authorization.indexOf(' ') + 1).split(',');
  const value = (name: string) =>
    members.flatMap((member) => {
      const [given = '', ...rest] = member.split('=');
      return given.trim() === name ? [rest.join('=').trim()] : [];
    });
  return [authorization.split(' ', 1)[0] ?? '', ...['Credential', 'SignedHeaders', 'Signature'].flatMap(value)];
}

/** Headers that came twice, of those that say who, what, where and when. */
function doubles(rawHeaders: readonly string[]): readonly string[] {
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  return names.filter(
    (name, i) =>
      names.indexOf(name) < i && /^(authorization|host|date|content-type|content-length|x-amz-.*)$/.test(name),
  );
}

const quarterHour = 900_000;

/** Whether a request is sent while its signature is good. */
export const isTimely = ({ url, now }: Captured): boolean =>
  now >= signedAt - quarterHour && now <= signedAt + (url.includes('X-Amz-Expires=3600') ? 3_600_000 : quarterHour);
