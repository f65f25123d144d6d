import type { ObjectChecksum } from '../../data/objects/folder-buckets/object-facts.ts';
import type { NamedPart, UploadedPart } from '../../data/objects/folder-buckets/ordered-parts.ts';
import { multipartEtag, orderedParts } from '../../data/objects/folder-buckets/ordered-parts.ts';
import { xmlDocument } from '../xml.ts';
import { bucketOf } from './bucket-access.ts';
import { isChecksumAlgorithm, newChecksum } from './checksum-algorithms.ts';
import { encodingOf, limitOf } from './listing.ts';
import { checksumHeaders, descriptionOf, quoted } from './object-headers.ts';
import { nothing, requireKey, requireWritable, sourceOf } from './object-operations.ts';
import { payloadOf, textOfPayload } from './payload.ts';
import { byteRange } from './range.ts';
import { headerOf, type S3Call, type S3Response } from './s3-call.ts';
import { S3Error } from './s3-error.ts';
import { childrenOf, malformed, readXml, textOf, type XmlNode } from './xml-reader.ts';

export async function createMultipartUpload(call: S3Call): Promise<S3Response> {
  const key = requireKey(call);
  const { name, objects, uploads } = await bucketOf(call, call.address.bucket);
  if (key.endsWith('/'))
    throw new S3Error('InvalidRequest', 'A key that ends in "/" is a folder here, and has no content.');
  await objects.requireWritableKey(key);
  const algorithm = headerOf(call, 'x-amz-checksum-algorithm')?.toLowerCase();
  if (algorithm !== undefined && !isChecksumAlgorithm(algorithm)) {
    throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
  }
  const type = headerOf(call, 'x-amz-checksum-type')?.toUpperCase();
  const checksumType =
    type === 'FULL_OBJECT' || (type === undefined && algorithm === 'crc64nvme') ? 'FULL_OBJECT' : 'COMPOSITE';
  const upload = await uploads.begin({ ...descriptionOf(call), key, algorithm, checksumType });
  return {
    headers:
      algorithm === undefined
        ? {}
        : { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': checksumType },
    body: xmlDocument('InitiateMultipartUploadResult', { Bucket: name, Key: key, UploadId: upload.id }),
  };
}

export async function uploadPart(call: S3Call): Promise<S3Response> {
  const { upload, uploads } = await uploadOf(call);
  const payload = payloadOf(call, upload.algorithm);
  const part = await uploads.putPart(upload.id, partNumber(call), payload.content, payload.checksum);
  const { 'x-amz-checksum-type': _, ...checksum } = checksumHeaders(part.checksum);
  return { headers: { etag: quoted(part.etag), ...checksum } };
}

export async function uploadPartCopy(call: S3Call): Promise<S3Response> {
  const { upload, uploads } = await uploadOf(call);
  await using stack = new AsyncDisposableStack();
  const { object } = await sourceOf(call);
  stack.defer(() => object[Symbol.asyncDispose]());
  const { bytes } = object.facts;
  const range = byteRange(headerOf(call, 'x-amz-copy-source-range'), bytes) ?? { start: 0, end: bytes };
  const running = upload.algorithm === undefined ? undefined : newChecksum(upload.algorithm);
  async function* content() {
    for await (const piece of bytes === 0 ? nothing() : object.stream(range)) {
      running?.update(piece);
      yield piece;
    }
  }
  const checksum = (): ObjectChecksum | undefined =>
    upload.algorithm === undefined || running === undefined
      ? undefined
      : { algorithm: upload.algorithm, value: running.digest(), type: 'FULL_OBJECT' };
  const part = await uploads.putPart(upload.id, partNumber(call), content(), checksum);
  return {
    body: xmlDocument('CopyPartResult', {
      LastModified: new Date(part.modifiedAt).toISOString(),
      ETag: quoted(part.etag),
      ...checksumElement(part.checksum),
    }),
  };
}

export async function completeMultipartUpload(call: S3Call): Promise<S3Response> {
  const { bucket, upload, uploads } = await uploadOf(call);
  const text = await textOfPayload(payloadOf({ ...call, headers: withoutChecksums(call) }), 4 << 20);
  const parts = orderedParts(namedParts(text), await uploads.parts(upload.id));
  const { algorithm, checksumType, headers, metadata } = upload;
  const running = algorithm !== undefined && checksumType === 'FULL_OBJECT' ? newChecksum(algorithm) : undefined;
  async function* content() {
    for await (const piece of uploads.content(upload.id, parts)) {
      running?.update(piece);
      yield piece;
    }
  }
  const checksum = () => (algorithm === undefined ? undefined : wholeChecksum(algorithm, parts, running?.digest()));
  const facts = await bucket.objects.put(upload.key, {
    content: content(),
    describe: () => ({ headers, metadata, etag: multipartEtag(parts), checksum: requireSame(call, checksum()) }),
    ifAbsent: await requireWritable(call, () => bucket.objects.facts(upload.key)),
  });
  await uploads.remove(upload.id);
  return {
    body: xmlDocument('CompleteMultipartUploadResult', {
      Location: `http://${call.headers.host ?? ''}/${bucket.name}/${upload.key}`,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: quoted(facts.etag),
      ...checksumElement(facts.checksum),
      ...(facts.checksum && { ChecksumType: facts.checksum.type }),
    }),
  };
}

/** Its checksum headers are about the object, not about the body. */
function withoutChecksums({ headers }: S3Call) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-')));
}

function requireSame(call: S3Call, checksum: ObjectChecksum | undefined): ObjectChecksum | undefined {
  const given = checksum && headerOf(call, `x-amz-checksum-${checksum.algorithm}`);
  if (given === undefined || given === checksum?.value) return checksum;
  throw new S3Error(
    'BadDigest',
    `The ${checksum?.algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  );
}

function wholeChecksum(
  algorithm: string,
  parts: readonly UploadedPart[],
  whole: string | undefined,
): ObjectChecksum | undefined {
  if (whole !== undefined) return { algorithm, value: whole, type: 'FULL_OBJECT' };
  const values = parts.map(({ checksum }) => checksum);
  if (values.some((checksum) => checksum?.algorithm !== algorithm)) return undefined;
  const running = newChecksum(algorithm);
  for (const checksum of values) running.update(Buffer.from(checksum?.value ?? '', 'base64'));
  return { algorithm, value: `${running.digest()}-${parts.length}`, type: 'COMPOSITE' };
}

const elementNames: Readonly<Record<string, string>> = {
  crc32: 'ChecksumCRC32',
  crc32c: 'ChecksumCRC32C',
  crc64nvme: 'ChecksumCRC64NVME',
  sha1: 'ChecksumSHA1',
  sha256: 'ChecksumSHA256',
};

const checksumElement = (checksum: ObjectChecksum | undefined) =>
  checksum === undefined ? {} : { [elementNames[checksum.algorithm] ?? '']: checksum.value };

function namedParts(text: string): readonly NamedPart[] {
  const root = readXml(text);
  const nodes = childrenOf(root, 'Part');
  if (root.name !== 'CompleteMultipartUpload' || nodes.length === 0) throw malformed();
  return nodes.map((node) => {
    const number = Number(textOf(node, 'PartNumber'));
    const etag = textOf(node, 'ETag');
    if (!Number.isInteger(number) || etag === undefined) throw malformed();
    return { number, etag: etag.replace(/^"|"$/g, ''), checksums: checksumsOf(node) };
  });
}

const checksumsOf = (node: XmlNode): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(elementNames).flatMap(([algorithm, name]) => {
      const value = textOf(node, name);
      return value === undefined ? [] : [[algorithm, value]];
    }),
  );

export async function abortMultipartUpload(call: S3Call): Promise<S3Response> {
  const { upload, uploads } = await uploadOf(call);
  await uploads.remove(upload.id);
  return { status: 204 };
}

export async function listParts(call: S3Call): Promise<S3Response> {
  const { bucket, upload, uploads } = await uploadOf(call);
  const limit = limitOf(call.query.get('max-parts'), 'max-parts');
  const marker = Number(call.query.get('part-number-marker') ?? 0);
  const following = [...(await uploads.parts(upload.id)).values()].filter(({ number }) => number > marker);
  const page = following.slice(0, limit);
  const isTruncated = following.length > page.length;
  const body = xmlDocument('ListPartsResult', {
    ...{ Bucket: bucket.name, Key: encodingOf(call)(upload.key), UploadId: upload.id, StorageClass: 'STANDARD' },
    ...{ PartNumberMarker: marker, MaxParts: limit, IsTruncated: isTruncated },
    ...(isTruncated && { NextPartNumberMarker: page[page.length - 1]?.number ?? marker }),
    Part: page.map(({ number, modifiedAt, etag, bytes, checksum }) => ({
      ...{ PartNumber: number, LastModified: new Date(modifiedAt).toISOString(), ETag: quoted(etag), Size: bytes },
      ...checksumElement(checksum),
    })),
  });
  return { body };
}

/** All of them on one page: uploads under way are few. */
export async function listMultipartUploads(call: S3Call): Promise<S3Response> {
  const { name, uploads } = await bucketOf(call, call.address.bucket);
  const prefix = call.query.get('prefix') ?? '';
  const encode = encodingOf(call);
  const all = (await uploads.list()).filter(({ key }) => key.startsWith(prefix));
  const body = xmlDocument('ListMultipartUploadsResult', {
    ...{
      Bucket: name,
      KeyMarker: '',
      UploadIdMarker: '',
      Prefix: encode(prefix),
      MaxUploads: 1000,
      IsTruncated: false,
    },
    Upload: all.map(({ key, id, begunAt }) => ({
      ...{ Key: encode(key), UploadId: id, StorageClass: 'STANDARD', Initiated: new Date(begunAt).toISOString() },
    })),
  });
  return { body };
}

async function uploadOf(call: S3Call) {
  const bucket = await bucketOf(call, call.address.bucket);
  const upload = await bucket.uploads.find(call.query.get('uploadId') ?? '', call.address.key);
  return { bucket, upload, uploads: bucket.uploads };
}

function partNumber({ query }: S3Call): number {
  const number = Number(query.get('partNumber'));
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
}
