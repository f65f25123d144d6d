import { MalformedPolicyError } from '../../access/policies/malformed-policy.ts';
import { resourcePolicy } from '../../access/policies/resource-policy.ts';
import { xmlDocument } from '../xml.ts';
import { bucketOf, isOwn } from './bucket-access.ts';
import { payloadOf, textOfPayload } from './payload.ts';
import type { S3Call, S3Response } from './s3-call.ts';
import { type S3Code, S3Error } from './s3-error.ts';
import { readXml, textOf } from './xml-reader.ts';

/** More than any configuration of a bucket has. */
const largestDocument = 1 << 20;

const defaultRegion = 'us-east-1';

export async function listBuckets(call: S3Call): Promise<S3Response> {
  const { buckets, caller, query } = call;
  const prefix = query.get('prefix') ?? '';
  const own = (await buckets.list()).filter((bucket) => isOwn(bucket, call) && bucket.name.startsWith(prefix));
  const body = xmlDocument('ListAllMyBucketsResult', {
    Owner: { ID: caller.account, DisplayName: caller.account },
    Buckets: {
      Bucket: own.map(({ name, createdAt, region }) => ({
        ...{ Name: name, CreationDate: new Date(createdAt).toISOString(), BucketRegion: region ?? defaultRegion },
      })),
    },
  });
  return { body };
}

export async function createBucket(call: S3Call): Promise<S3Response> {
  const { address, caller, buckets } = call;
  const name = address.bucket ?? '';
  const text = await textOfPayload(payloadOf(call), largestDocument);
  const region = (text.trim() === '' ? undefined : textOf(readXml(text), 'LocationConstraint')) ?? defaultRegion;
  const found = (await buckets.list()).find((bucket) => bucket.name === name);
  if (found && !isOwn(found, call)) {
    throw new S3Error('BucketAlreadyExists', 'The requested bucket name is not available.');
  }
  // So that a notebook can be run again; the other regions refuse it.
  if (found && caller.region === defaultRegion) return { headers: { location: `/${name}` } };
  if (found) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  }
  await buckets.create(name, { account: caller.account, region });
  return { headers: { location: `/${name}` } };
}

export async function deleteBucket(call: S3Call): Promise<S3Response> {
  const { name } = await bucketOf(call, call.address.bucket);
  await call.buckets.remove(name);
  return { status: 204 };
}

export async function headBucket(call: S3Call): Promise<S3Response> {
  const { region = defaultRegion } = await bucketOf(call, call.address.bucket);
  return { headers: { 'x-amz-bucket-region': region, 'content-type': 'application/xml' } };
}

export async function getBucketLocation(call: S3Call): Promise<S3Response> {
  const { region = defaultRegion } = await bucketOf(call, call.address.bucket);
  return { body: xmlDocument('LocationConstraint', region === defaultRegion ? undefined : region) };
}

/** No version is kept. */
export async function getBucketVersioning(call: S3Call): Promise<S3Response> {
  await bucketOf(call, call.address.bucket);
  return { body: xmlDocument('VersioningConfiguration', undefined) };
}

/** The owner may do everything; there are no other lists of access. */
export async function getAcl(call: S3Call): Promise<S3Response> {
  const bucket = await bucketOf(call, call.address.bucket);
  if (call.address.key !== '') await bucket.objects.facts(call.address.key);
  const owner = { ID: call.caller.account, DisplayName: call.caller.account };
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${owner.ID}</ID><DisplayName>${owner.ID}</DisplayName></Grantee>`;
  const body = xmlDocument('AccessControlPolicy', {
    Owner: owner,
    AccessControlList: { Grant: { Permission: 'FULL_CONTROL' } },
  });
  return { body: body.replace('<Permission>', `${grantee}<Permission>`) };
}

/** A document of a bucket. Its policy says who may use it; what else there is, is stored and given back. */
type DocumentKind = {
  readonly name: string;
  readonly missing: S3Code;
  readonly missingText: string;
  readonly contentType: string;
  /** @throws S3Error for a text that is no such document */
  readonly check: (text: string) => void;
};

export const policyDocument: DocumentKind = {
  name: 'policy',
  missing: 'NoSuchBucketPolicy',
  missingText: 'The bucket policy does not exist',
  contentType: 'application/json',
  check: requirePolicy,
};

export const publicAccessDocument: DocumentKind = {
  name: 'publicAccessBlock',
  missing: 'NoSuchPublicAccessBlockConfiguration',
  missingText: 'The public access block configuration was not found',
  contentType: 'application/xml',
  check(text) {
    if (readXml(text).name !== 'PublicAccessBlockConfiguration')
      throw new S3Error('MalformedXML', 'The XML is no PublicAccessBlockConfiguration.');
  },
};

export const getDocument =
  (kind: DocumentKind) =>
  async (call: S3Call): Promise<S3Response> => {
    const { documents } = await bucketOf(call, call.address.bucket);
    const body = documents[kind.name];
    if (body === undefined) throw new S3Error(kind.missing, kind.missingText);
    return { body, headers: { 'content-type': kind.contentType } };
  };

export const putDocument =
  (kind: DocumentKind) =>
  async (call: S3Call): Promise<S3Response> => {
    const bucket = await bucketOf(call, call.address.bucket);
    const text = await textOfPayload(payloadOf(call), largestDocument);
    kind.check(text);
    await call.buckets.setDocument(bucket, kind.name, text);
    return { status: kind === policyDocument ? 204 : 200 };
  };

export const deleteDocument =
  (kind: DocumentKind) =>
  async (call: S3Call): Promise<S3Response> => {
    await call.buckets.setDocument(await bucketOf(call, call.address.bucket), kind.name, undefined);
    return { status: 204 };
  };

function requirePolicy(text: string): void {
  try {
    resourcePolicy(text);
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new S3Error('MalformedPolicy', error.message);
  }
}
