import type { ObjectFacts } from '../../data/objects/folder-buckets/object-facts.ts';
import { xmlDocument } from '../xml.ts';
import { bucketOf } from './bucket-access.ts';
import { isUnchanged, preconditionFailed } from './conditions.ts';
import { checksumHeaders, descriptionOf, objectHeaders, quoted } from './object-headers.ts';
import { payloadOf, textOfPayload } from './payload.ts';
import { byteRange } from './range.ts';
import { headerOf, type S3Call, type S3Response } from './s3-call.ts';
import { S3Error, s3ErrorOf } from './s3-error.ts';
import { childrenOf, malformed, readXml, textOf } from './xml-reader.ts';

/** S3's longest key, in bytes. */
const longestKey = 1024;

export function requireKey({ address: { key } }: S3Call): string {
  if (Buffer.byteLength(key) > longestKey) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return key;
}

export async function getObject(call: S3Call): Promise<S3Response> {
  const { objects } = await bucketOf(call, call.address.bucket);
  const object = await objects.open(call.address.key);
  let isStreaming = false;
  try {
    const head = headOf(call, object.facts);
    if (head.status === 304 || object.facts.bytes === 0) return { ...head, body: undefined };
    isStreaming = true;
    return { ...head, body: object.stream(head.range) };
  } finally {
    if (!isStreaming) await object[Symbol.asyncDispose]();
  }
}

export async function headObject(call: S3Call): Promise<S3Response> {
  const { objects } = await bucketOf(call, call.address.bucket);
  return headOf(call, await objects.facts(call.address.key));
}

function headOf(call: S3Call, facts: ObjectFacts) {
  if (call.query.has('partNumber')) throw new S3Error('NotImplemented', 'Parts of an object are read by Range.');
  const isSame = isUnchanged(call, facts);
  const range = isSame ? undefined : byteRange(headerOf(call, 'range'), facts.bytes);
  const { start, end } = range ?? { start: 0, end: facts.bytes };
  const headers = {
    ...objectHeaders(facts, call, range === undefined && !isSame),
    ...(range && { 'content-range': `bytes ${start}-${end - 1}/${facts.bytes}` }),
    ...(!isSame && { 'content-length': String(end - start) }),
  };
  return { status: isSame ? 304 : range ? 206 : 200, headers, range: { start, end } };
}

export async function putObject(call: S3Call): Promise<S3Response> {
  const key = requireKey(call);
  const { objects } = await bucketOf(call, call.address.bucket);
  const ifAbsent = await requireWritable(call, () => objects.facts(key));
  const payload = payloadOf(call);
  const facts = await objects.put(key, {
    content: payload.content,
    describe: () => ({ ...descriptionOf(call), checksum: payload.checksum() }),
    ifAbsent,
  });
  return { headers: { etag: quoted(facts.etag), ...checksumHeaders(facts.checksum) } };
}

/** Holds what is there against the conditions of a write. @returns whether nothing may be there */
export async function requireWritable(call: S3Call, find: () => Promise<ObjectFacts>): Promise<boolean> {
  if (headerOf(call, 'if-match') !== undefined && isUnchanged(call, await find())) throw preconditionFailed();
  const noneMatch = headerOf(call, 'if-none-match');
  if (noneMatch === undefined) return false;
  if (noneMatch.trim() === '*') return true;
  throw new S3Error('NotImplemented', 'If-None-Match of a write is "*".');
}

/** What a copy reads. */
export async function sourceOf(call: S3Call) {
  const source = copySource(call);
  await call.requireAllowed({ ...source, action: 's3:GetObject' });
  const { objects } = await bucketOf(call, source.bucket);
  const object = await objects.open(source.key);
  try {
    if (isUnchanged(call, object.facts, 'x-amz-copy-source-')) throw preconditionFailed();
    return { ...source, object };
  } catch (error) {
    await object[Symbol.asyncDispose]();
    throw error;
  }
}

/** Bucket and key that `x-amz-copy-source` names. */
export function copySource(call: S3Call): { readonly bucket: string; readonly key: string } {
  const [path = '', version] = (headerOf(call, 'x-amz-copy-source') ?? '').split('?versionId=');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodedSource(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  if (version !== undefined && version !== 'null') throw new S3Error('NotImplemented', 'No versions are kept.');
  return { bucket, key };
}

function decodedSource(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidArgument', 'Invalid copy source encoding');
  }
}

export async function copyObject(call: S3Call): Promise<S3Response> {
  const key = requireKey(call);
  const target = await bucketOf(call, call.address.bucket);
  const replaces = headerOf(call, 'x-amz-metadata-directive')?.toUpperCase() === 'REPLACE';
  await using stack = new AsyncDisposableStack();
  const { bucket, key: sourceKey, object } = await sourceOf(call);
  stack.defer(() => object[Symbol.asyncDispose]());
  if (bucket === target.name && sourceKey === key && !replaces) {
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const { bytes, headers, metadata, checksum } = object.facts;
  const facts = await target.objects.put(key, {
    content: bytes === 0 ? nothing() : object.stream({ start: 0, end: bytes }),
    describe: () => ({
      ...(replaces ? descriptionOf(call) : { headers, metadata }),
      ...(checksum?.type === 'FULL_OBJECT' && { checksum }),
    }),
    ifAbsent: await requireWritable(call, () => target.objects.facts(key)),
  });
  return {
    body: xmlDocument('CopyObjectResult', {
      LastModified: new Date(facts.modifiedAt).toISOString(),
      ETag: quoted(facts.etag),
    }),
  };
}

/** The content of an object without any. */
export async function* nothing(): AsyncGenerator<Buffer> {}

export async function deleteObject(call: S3Call): Promise<S3Response> {
  const { objects } = await bucketOf(call, call.address.bucket);
  await objects.remove(call.address.key);
  return { status: 204 };
}

/** More than a thousand keys take. */
const largestDelete = 4 << 20;

export async function deleteObjects(call: S3Call): Promise<S3Response> {
  const { name, objects } = await bucketOf(call, call.address.bucket);
  const root = readXml(await textOfPayload(payloadOf(call), largestDelete));
  const keys = childrenOf(root, 'Object').map((node) => textOf(node, 'Key') ?? '');
  if (root.name !== 'Delete' || keys.length === 0 || keys.length > 1000 || keys.includes('')) throw malformed();
  const isQuiet = textOf(root, 'Quiet') === 'true';
  const deleted: { Key: string }[] = [];
  const failed: { Key: string; Code: string; Message: string }[] = [];
  for (const key of keys) {
    try {
      await call.requireAllowed({ action: 's3:DeleteObject', bucket: name, key });
      await objects.remove(key);
      deleted.push({ Key: key });
    } catch (error) {
      const known = s3ErrorOf(error);
      if (!known) throw error;
      failed.push({ Key: key, Code: known.code, Message: known.message });
    }
  }
  return { body: xmlDocument('DeleteResult', { ...(!isQuiet && { Deleted: deleted }), Error: failed }) };
}

/** Objects have no tags. */
export async function getObjectTagging(call: S3Call): Promise<S3Response> {
  const { objects } = await bucketOf(call, call.address.bucket);
  await objects.facts(call.address.key);
  return { body: xmlDocument('Tagging', { TagSet: undefined }).replace('</Tagging>', '<TagSet/></Tagging>') };
}
