import {
  createBucket,
  deleteBucket,
  deleteDocument,
  getAcl,
  getBucketLocation,
  getBucketVersioning,
  getDocument,
  headBucket,
  listBuckets,
  policyDocument,
  publicAccessDocument,
  putDocument,
} from './bucket-operations.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './listing.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './multipart-operations.ts';
import {
  copyObject,
  deleteObject,
  deleteObjects,
  getObject,
  getObjectTagging,
  headObject,
  putObject,
} from './object-operations.ts';
import type { S3Call, S3Response } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** An operation of S3: how it is addressed, and what a policy must allow for it. */
export type S3Operation = {
  readonly name: string;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  readonly run: (call: S3Call) => Promise<S3Response>;
  /** It copies objects, and answers with a document. */
  readonly isLong?: boolean;
};

const operation = (name: string, action: string, run: S3Operation['run']): S3Operation => ({
  ...{ name, action: `s3:${action}`, run },
});

const copying = (...facts: Parameters<typeof operation>): S3Operation => ({ ...operation(...facts), isLong: true });

/** By method, what is addressed, and the parameter of the query that says more. A copy has `copy` in its place. */
const operations: ReadonlyMap<string, S3Operation> = new Map([
  ['GET server', operation('ListBuckets', 'ListAllMyBuckets', listBuckets)],
  ['PUT bucket', operation('CreateBucket', 'CreateBucket', createBucket)],
  ['DELETE bucket', operation('DeleteBucket', 'DeleteBucket', deleteBucket)],
  ['HEAD bucket', operation('HeadBucket', 'ListBucket', headBucket)],
  ['GET bucket', operation('ListObjects', 'ListBucket', listObjects)],
  ['GET bucket list-type', operation('ListObjectsV2', 'ListBucket', listObjectsV2)],
  ['GET bucket versions', operation('ListObjectVersions', 'ListBucketVersions', listObjectVersions)],
  ['GET bucket location', operation('GetBucketLocation', 'GetBucketLocation', getBucketLocation)],
  ['GET bucket versioning', operation('GetBucketVersioning', 'GetBucketVersioning', getBucketVersioning)],
  ['GET bucket acl', operation('GetBucketAcl', 'GetBucketAcl', getAcl)],
  ['GET bucket uploads', operation('ListMultipartUploads', 'ListBucketMultipartUploads', listMultipartUploads)],
  ['POST bucket delete', operation('DeleteObjects', 'DeleteObject', deleteObjects)],
  ['GET bucket policy', operation('GetBucketPolicy', 'GetBucketPolicy', getDocument(policyDocument))],
  ['PUT bucket policy', operation('PutBucketPolicy', 'PutBucketPolicy', putDocument(policyDocument))],
  ['DELETE bucket policy', operation('DeleteBucketPolicy', 'DeleteBucketPolicy', deleteDocument(policyDocument))],
  ...publicAccess(),
  ['GET object', operation('GetObject', 'GetObject', getObject)],
  ['HEAD object', operation('HeadObject', 'GetObject', headObject)],
  ['PUT object', operation('PutObject', 'PutObject', putObject)],
  ['PUT object copy', copying('CopyObject', 'PutObject', copyObject)],
  ['DELETE object', operation('DeleteObject', 'DeleteObject', deleteObject)],
  ['GET object acl', operation('GetObjectAcl', 'GetObjectAcl', getAcl)],
  ['GET object tagging', operation('GetObjectTagging', 'GetObjectTagging', getObjectTagging)],
  ['POST object uploads', operation('CreateMultipartUpload', 'PutObject', createMultipartUpload)],
  ['PUT object uploadId', operation('UploadPart', 'PutObject', uploadPart)],
  ['PUT object uploadId copy', copying('UploadPartCopy', 'PutObject', uploadPartCopy)],
  ['POST object uploadId', copying('CompleteMultipartUpload', 'PutObject', completeMultipartUpload)],
  ['DELETE object uploadId', operation('AbortMultipartUpload', 'AbortMultipartUpload', abortMultipartUpload)],
  ['GET object uploadId', operation('ListParts', 'ListMultipartUploadParts', listParts)],
]);

/** Those on one object. */
export const objectOperations: ReadonlySet<S3Operation> = new Set(
  [...operations].flatMap(([words, found]) => (words.split(' ')[1] === 'object' ? [found] : [])),
);

function publicAccess(): readonly (readonly [string, S3Operation])[] {
  const [name, action] = ['PublicAccessBlock', 'BucketPublicAccessBlock'];
  const kind = publicAccessDocument;
  return [
    ['GET bucket publicAccessBlock', operation(`Get${name}`, `Get${action}`, getDocument(kind))],
    ['PUT bucket publicAccessBlock', operation(`Put${name}`, `Put${action}`, putDocument(kind))],
    ['DELETE bucket publicAccessBlock', operation(`Delete${name}`, `Put${action}`, deleteDocument(kind))],
  ];
}

/** Parameters of a query that S3 has an operation for; any other one says how, not what. */
const selectors = new Set([
  ...['accelerate', 'acl', 'analytics', 'attributes', 'cors', 'delete', 'encryption', 'intelligent-tiering'],
  ...['inventory', 'legal-hold', 'lifecycle', 'list-type', 'location', 'logging', 'metrics', 'notification'],
  ...['object-lock', 'ownershipControls', 'policy', 'policyStatus', 'publicAccessBlock', 'replication'],
  ...['requestPayment', 'restore', 'retention', 'select', 'session', 'tagging', 'torrent', 'uploadId', 'uploads'],
  ...['versionId', 'versioning', 'versions', 'website', 'renameObject', 'metadataTable', 'abac'],
]);

/** The operation that a call addresses. @throws S3Error NotImplemented, MethodNotAllowed */
export function operationOf({
  method,
  address,
  query,
  headers,
}: Pick<S3Call, 'method' | 'address' | 'query' | 'headers'>): S3Operation {
  const level = address.bucket === undefined ? 'server' : address.key === '' ? 'bucket' : 'object';
  // The only version of an object is `null`.
  const given = [...query.keys()].filter((name) => selectors.has(name) && !isOnlyVersion(name, query));
  if (new Set(given).size > 1) throw notImplemented();
  const unknown = Object.keys(headers).find((name) => isUnknown(name, String(headers[name])));
  if (unknown !== undefined)
    throw new S3Error('NotImplemented', `The header ${unknown} asks for what is not implemented.`);
  const copies = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  const words = [method, level, ...given.slice(0, 1), ...(copies ? ['copy'] : [])];
  const found = operations.get(words.join(' '));
  if (found) return found;
  if (['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(method)) throw notImplemented();
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

/** Whether an object would be another than asked for without a header; those for costs and ACLs have no effect. */
const isUnknown = (name: string, value: string) =>
  /^x-amz-(tagging|object-lock-.*|website-redirect-location|server-side-encryption-.*|write-offset-bytes)$/.test(
    name,
  ) ||
  (name === 'x-amz-server-side-encryption' && value !== 'AES256');

const isOnlyVersion = (name: string, query: URLSearchParams) => name === 'versionId' && query.get(name) === 'null';

const notImplemented = () =>
  new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented.');
