import { BucketError } from '../../data/objects/folder-buckets/bucket-error.ts';
import type { BucketObjects } from '../../data/objects/folder-buckets/bucket-objects.ts';
import type { ObjectFacts } from '../../data/objects/folder-buckets/object-facts.ts';
import { xmlDocument } from '../xml.ts';
import { bucketOf } from './bucket-access.ts';
import { quoted } from './object-headers.ts';
import type { S3Call, S3Response } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** As many as S3 gives at most. */
const mostKeys = 1000;

/** Objects whose facts are read at once. */
const factsAtOnce = 32;

type PageRequest = {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys and common prefixes up to this one are left out. */
  readonly after: string;
  readonly limit: number;
};

type Page = {
  readonly objects: readonly ObjectFacts[];
  readonly prefixes: readonly string[];
  /** The last key or common prefix; undefined where nothing follows. */
  readonly last: string | undefined;
};

export async function listObjectsV2(call: S3Call): Promise<S3Response> {
  const { query, caller } = call;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const { page, request, encode, common } = await pageFor(call, token === null ? startAfter : keyOfToken(token));
  const body = xmlDocument('ListBucketResult', {
    ...common,
    ...(startAfter !== '' && { StartAfter: encode(startAfter) }),
    ...(token !== null && { ContinuationToken: token }),
    ...(page.last !== undefined && { NextContinuationToken: Buffer.from(page.last).toString('base64url') }),
    KeyCount: page.objects.length + page.prefixes.length,
    MaxKeys: request.limit,
    Contents: page.objects.map((facts) =>
      contents(facts, encode, query.get('fetch-owner') === 'true' ? caller.account : undefined),
    ),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
  return { body };
}

export async function listObjects(call: S3Call): Promise<S3Response> {
  const marker = call.query.get('marker') ?? '';
  const { page, request, encode, common } = await pageFor(call, marker);
  const body = xmlDocument('ListBucketResult', {
    ...common,
    Marker: encode(marker),
    ...(page.last !== undefined && request.delimiter !== '' && { NextMarker: encode(page.last) }),
    MaxKeys: request.limit,
    Contents: page.objects.map((facts) => contents(facts, encode, call.caller.account)),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
  return { body };
}

/** No versions are kept: each object is its latest one, `null`. */
export async function listObjectVersions(call: S3Call): Promise<S3Response> {
  const marker = call.query.get('key-marker') ?? '';
  const { page, request, encode, common } = await pageFor(call, marker);
  const body = xmlDocument('ListVersionsResult', {
    ...common,
    KeyMarker: encode(marker),
    ...(page.last !== undefined && { NextKeyMarker: encode(page.last), NextVersionIdMarker: 'null' }),
    MaxKeys: request.limit,
    Version: page.objects.map((facts) => ({
      ...{ ...contents(facts, encode, call.caller.account), VersionId: 'null', IsLatest: true },
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
  return { body };
}

async function pageFor(call: S3Call, after: string) {
  const { query } = call;
  const { name, objects } = await bucketOf(call, call.address.bucket);
  const encode = encodingOf(call);
  const limit = limitOf(query.get('max-keys'), 'max-keys');
  const request = { prefix: query.get('prefix') ?? '', delimiter: query.get('delimiter') ?? '', after, limit };
  const page = await pageOf(objects, request);
  const common = {
    Name: name,
    Prefix: encode(request.prefix),
    ...(request.delimiter !== '' && { Delimiter: encode(request.delimiter) }),
    ...(query.get('encoding-type') === 'url' && { EncodingType: 'url' }),
    IsTruncated: page.last !== undefined,
  };
  return { page, request, encode, common };
}

/** How keys are written in an answer: as they are, or with percent codes. */
export const encodingOf = ({ query }: S3Call): ((key: string) => string) =>
  query.get('encoding-type') === 'url'
    ? (key) => encodeURIComponent(key.toWellFormed()).replaceAll('%2F', '/')
    : (key) => key;

/** @throws S3Error InvalidArgument */
export function limitOf(text: string | null, name: string): number {
  if (text === null || text === '') return mostKeys;
  if (/^\d{1,10}$/.test(text)) return Math.min(mostKeys, Number(text));
  throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`);
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (token !== '' && Buffer.from(key).toString('base64url') === token) return key;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
}

function contents(
  { key, modifiedAt, etag, bytes, checksum }: ObjectFacts,
  encode: (key: string) => string,
  owner?: string,
) {
  return {
    Key: encode(key),
    LastModified: new Date(modifiedAt).toISOString(),
    ETag: quoted(etag),
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm.toUpperCase(), ChecksumType: checksum.type }),
    Size: bytes,
    StorageClass: 'STANDARD',
    ...(owner !== undefined && { Owner: { ID: owner, DisplayName: owner } }),
  };
}

async function pageOf(objects: BucketObjects, { prefix, delimiter, after, limit }: PageRequest): Promise<Page> {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  const stopsAt = (folder: string) => delimiter === '/' && folder.length > prefix.length;
  if (limit > 0) {
    for await (const { key, isWhole } of objects.walk({ prefix, after, stopsAt })) {
      const end = delimiter === '' || isWhole ? -1 : key.indexOf(delimiter, prefix.length);
      const common = isWhole ? key : end < 0 ? undefined : key.slice(0, end + delimiter.length);
      if (common !== undefined && (common === after || common === last)) continue;
      if (keys.length + prefixes.length === limit) return { objects: await factsOf(objects, keys), prefixes, last };
      last = common ?? key;
      if (common === undefined) keys.push(key);
      else prefixes.push(common);
    }
  }
  return { objects: await factsOf(objects, keys), prefixes, last: undefined };
}

/** Without those that are gone since, or are links to elsewhere. */
async function factsOf(objects: BucketObjects, keys: readonly string[]): Promise<readonly ObjectFacts[]> {
  const found: ObjectFacts[] = [];
  for (let start = 0; start < keys.length; start += factsAtOnce) {
    const some = keys.slice(start, start + factsAtOnce).map((key) => objects.facts(key).catch(unlessNone));
    for (const facts of await Promise.all(some)) if (facts) found.push(facts);
  }
  return found;
}

function unlessNone(error: unknown): undefined {
  if (error instanceof BucketError && (error.problem === 'key-missing' || error.problem === 'link')) return undefined;
  throw error;
}
