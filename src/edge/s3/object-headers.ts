import type { ObjectDescription, ObjectFacts } from '../../data/objects/folder-buckets/object-facts.ts';
import { headerOf, type S3Call } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** Headers that are kept with an object and given back. */
const kept = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

const metaPrefix = 'x-amz-meta-';

/** What the headers of a request say of the object that it writes. */
export function descriptionOf(call: S3Call): Pick<ObjectDescription, 'headers' | 'metadata'> {
  const headers = kept.flatMap((name) => {
    const value = headerOf(call, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const encoding = headerOf(call, 'content-encoding')
    ?.split(',')
    .map((coding) => coding.trim())
    // It is of the request's body alone.
    .filter((coding) => coding !== '' && coding !== 'aws-chunked')
    .join(', ');
  const metadata = Object.keys(call.headers).flatMap((name) =>
    name.startsWith(metaPrefix) ? [[name.slice(metaPrefix.length), headerOf(call, name) ?? ''] as const] : [],
  );
  return {
    headers: { ...Object.fromEntries(headers), ...(encoding && { 'content-encoding': encoding }) },
    metadata: Object.fromEntries(metadata),
  };
}

export const quoted = (etag: string): string => `"${etag}"`;

/** The headers of an answer about an object; no page may run on the server's origin. */
export function objectHeaders(facts: ObjectFacts, call: S3Call, isWhole: boolean): Record<string, string> {
  const { checksum } = facts;
  const showsChecksum = isWhole && checksum && headerOf(call, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    'content-type': 'binary/octet-stream',
    ...facts.headers,
    ...overrides(call),
    ...Object.fromEntries(Object.entries(facts.metadata).map(([name, value]) => [metaPrefix + name, value])),
    ...(showsChecksum && checksumHeaders(checksum)),
    etag: quoted(facts.etag),
    'last-modified': new Date(facts.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  };
}

export const checksumHeaders = (checksum: ObjectDescription['checksum']): Record<string, string> =>
  checksum === undefined
    ? {}
    : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type };

/** Headers that the query of a GET replaces, such as `response-content-type`. */
function overrides({ query }: S3Call): Record<string, string> {
  const given = [...kept, 'content-encoding'].flatMap((name) => {
    const value = query.get(`response-${name}`);
    if (value === null) return [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a header can have none of these.
    if (/[\0-\x08\n-\x1f\x7f]/.test(value)) throw new S3Error('InvalidArgument', `response-${name} is no header.`);
    return [[name, Buffer.from(value).toString('latin1')] as const];
  });
  return Object.fromEntries(given);
}
