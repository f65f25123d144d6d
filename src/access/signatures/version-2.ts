import { createHmac, timingSafeEqual } from 'node:crypto';
import { invalidSignature } from './claim.ts';
import { partsOf, type SignedRequest } from './signed-request.ts';

/** What a URL that is signed by version 2 says of itself. */
export type LegacyClaim = {
  readonly accessKeyId: string;
  /** In base64. */
  readonly signature: string;
  /** Until when it is good: seconds since the epoch, as they were sent. */
  readonly expires: string;
  /** Of temporary credentials. */
  readonly sessionToken: string | undefined;
};

const tokenName = 'x-amz-security-token';

/** The claim of a URL; undefined for one without such a signature. */
export function readLegacyClaim({ url }: Pick<SignedRequest, 'url'>): LegacyClaim | undefined {
  const parameters = new URLSearchParams(partsOf(url).query);
  const [accessKeyId, signature] = [parameters.get('AWSAccessKeyId'), parameters.get('Signature')];
  const expires = parameters.get('Expires') ?? '';
  const isClaim = accessKeyId !== null && /^[\x21-\x7e]{1,128}$/.test(accessKeyId) && signature !== null;
  const sessionToken = parameters.get(tokenName) ?? undefined;
  return isClaim && /^\d{1,12}$/.test(expires) ? { accessKeyId, signature, expires, sessionToken } : undefined;
}

/** Parameters that say what is asked; others are not covered. */
const covered = new Set([
  ...[
    'acl',
    'cors',
    'delete',
    'encryption',
    'lifecycle',
    'location',
    'logging',
    'notification',
    'partNumber',
    'policy',
  ],
  ...['requestPayment', 'restore', 'tagging', 'torrent', 'uploadId', 'uploads', 'versionId', 'versioning', 'versions'],
  ...['website', 'accelerate', 'response-content-type', 'response-content-language', 'response-expires'],
  ...['response-cache-control', 'response-content-disposition', 'response-content-encoding', 'defaultObjectAcl'],
]);

/**
 * Checks a URL of S3 that is signed by version 2, which boto3 still makes for old regions
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html).
 *
 * @param bucket that the host names; its path is signed with it
 * @throws ServiceError InvalidSignatureException
 */
export function verifyLegacy(
  request: SignedRequest,
  { signature }: Pick<LegacyClaim, 'signature'>,
  { secret, bucket }: { readonly secret: string; readonly bucket: string | undefined },
): void {
  const expected = createHmac('sha1', secret).update(textToSign(request, bucket)).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw invalidSignature(
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

function textToSign({ method, url, headers }: SignedRequest, bucket: string | undefined): string {
  const { path, query } = partsOf(url);
  const parameters = query
    .split('&')
    .map((text) => text.split('=', 2))
    .filter(([name = '']) => covered.has(name))
    .map(([name = '', value]) => (value === undefined ? name : `${name}=${decoded(value)}`))
    .sort();
  const given = new URLSearchParams(query);
  const expires = given.get('Expires') ?? '';
  const token = given.get(tokenName);
  // A token in a URL is signed as the header that it stands for.
  const all = token === null ? headers : { ...headers, [tokenName]: token };
  const amz = Object.keys(all)
    .filter((name) => name.startsWith('x-amz-'))
    .sort()
    .map((name) => `${name}:${String(all[name]).trim()}\n`);
  const resource = `${bucket === undefined ? '' : `/${bucket}`}${path}`;
  const asked = parameters.length === 0 ? resource : `${resource}?${parameters.join('&')}`;
  const content = [headers['content-md5'] ?? '', headers['content-type'] ?? ''];
  return [method, ...content, expires, amz.join('') + asked].join('\n');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
