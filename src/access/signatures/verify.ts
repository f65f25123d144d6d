import { hash } from 'node:crypto';
import { canonicalRequest } from './canonical-request.ts';
import { algorithm, incomplete, invalidSignature, type SignatureClaim } from './claim.ts';
import { refuseDoubles } from './double-headers.ts';
import { type HmacKey, isDigest } from './hmac-key.ts';
import type { SignedRequest, SigningRules } from './signed-request.ts';
import { basicTime, type SignedTime, signedTime } from './signed-time.ts';

/** How far the clocks of client and server may be apart. */
const windowMinutes = 15;
const windowMs = windowMinutes * 60_000;

/** The longest time for which a URL may be signed: seven days. */
const maxExpires = 604_800;

/**
 * Checks that a request is what the holder of a signing key has signed, and lately.
 *
 * @param key the signing key of the claim's access key and scope
 * @param now milliseconds since the epoch
 * @throws ServiceError IncompleteSignature if the signature is malformed or leaves out what it must cover,
 *   InvalidSignatureException if it does not match, or is too old or from the future.
 */
export function verify(
  request: SignedRequest,
  claim: SignatureClaim,
  key: HmacKey,
  { rules, now }: { readonly rules: SigningRules; readonly now: number },
): void {
  refuseDoubles(request);
  const time = signedTime(claim.signedAt);
  if (!time.text.startsWith(claim.date)) {
    throw invalidSignature(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${claim.date}' != '${time.text.slice(0, 8)}', from '${time.text}'.`,
    );
  }
  requireCurrent(claim, time, now);
  const signedHeaders = coveredHeaders(request, claim);
  const canonical = canonicalRequest(request, signedHeaders, payloadHash(request, claim, rules), rules);
  const expected = signatureOf(canonical, time.text, claim.scope, key);
  if (isDigest(claim.signature, expected)) return;
  throw invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.',
  );
}

/**
 * @param canonical a character for each byte
 * @param time `yyyymmddThhmmssZ`
 * @returns the signature in hexadecimal
 */
export function signatureOf(canonical: string, time: string, scope: string, key: HmacKey): string {
  const digest = hash('sha256', Buffer.from(canonical, 'latin1'));
  return key.digest(`${algorithm}\n${time}\n${scope}\n${digest}`);
}

function requireCurrent({ form, expires }: SignatureClaim, { text, ms }: SignedTime, now: number): void {
  if (ms - now > windowMs) {
    throw invalidSignature(
      `Signature not yet current: ${text} is still later than ${basicTime(now + windowMs)} ` +
        `(${basicTime(now)} + ${windowMinutes} min.)`,
    );
  }
  if (form === 'header' || expires === undefined) {
    if (now - ms <= windowMs) return;
    throw invalidSignature(
      `Signature expired: ${text} is now earlier than ${basicTime(now - windowMs)} ` +
        `(${basicTime(now)} - ${windowMinutes} min.)`,
    );
  }
  const seconds = Number(expires);
  if (!/^\d{1,6}$/.test(expires) || seconds < 1 || seconds > maxExpires) {
    throw incomplete(`X-Amz-Expires must be a whole number of seconds from 1 to ${maxExpires}.`);
  }
  const end = ms + seconds * 1000;
  if (now > end) throw invalidSignature(`Signature expired: ${basicTime(end)} is now earlier than ${basicTime(now)}`);
}

/** The headers that a signature names: in order, and among them those that say what is asked, where and when. */
function coveredHeaders({ headers }: SignedRequest, { form, signedHeaders }: SignatureClaim): readonly string[] {
  if (latestNames?.text !== signedHeaders) latestNames = { text: signedHeaders, names: namesIn(signedHeaders) };
  const { names } = latestNames;
  requireSigned(names, 'host');
  if (form === 'header') requireSigned(names, headers['x-amz-date'] === undefined ? 'date' : 'x-amz-date');
  if (headers['x-amz-target'] !== undefined) requireSigned(names, 'x-amz-target');
  return names;
}

function requireSigned(names: readonly string[], name: string): void {
  if (!names.includes(name)) throw incomplete(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
}

/** A client signs the same headers over and over. */
let latestNames: { readonly text: string; readonly names: readonly string[] } | undefined;

function namesIn(signedHeaders: string): readonly string[] {
  const names = signedHeaders.split(';');
  if (names.some((name, i) => !/^[a-z\d!#$%&'*+.^_`|~-]+$/.test(name) || (i > 0 && name <= (names[i - 1] ?? '')))) {
    throw incomplete("SignedHeaders must be names of headers in lower case, in order, with ';' between them.");
  }
  return names;
}

const emptyHash = hash('sha256', '');

/** What a signature covers of the body: its hash, whatever `x-amz-content-sha256` says, unless the rules go by that. */
function payloadHash({ headers, body }: SignedRequest, { form }: SignatureClaim, rules: SigningRules): string {
  if (rules.unsignedPayload) {
    if (form === 'query') return 'UNSIGNED-PAYLOAD';
    const said = headers['x-amz-content-sha256'];
    if (said !== undefined) return String(said);
  }
  return body.length === 0 ? emptyHash : hash('sha256', body);
}
