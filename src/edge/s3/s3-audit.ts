import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import {
  type AuditedEvent,
  type EventFailure,
  type EventKind,
  type EventResource,
  eventKind,
} from '../../access/audit/audit-record.ts';
import type { AuditedCaller } from '../../access/audit/user-identity.ts';
import { readClaim } from '../../access/signatures/claim.ts';
import { queryOf } from '../addressing.ts';
import { pathOf, unknownKind } from '../audit/call-audit.ts';
import type { Recorder } from '../audit/recorder.ts';
import type { Origin, OriginOf } from '../origin.ts';
import { objectOperations, operationOf, type S3Operation } from './routes.ts';
import type { S3Address } from './s3-address.ts';
import { s3Rules } from './s3-authentication.ts';
import type { S3Caller, S3Response } from './s3-call.ts';
import { s3ErrorOf } from './s3-error.ts';

type RequestHead = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: Pick<IncomingMessage, 'socket' | 'headers'>;
};

/** A call at its end. It lacks what was not known when it was refused. */
export type EndedS3Call = {
  readonly id: string;
  readonly request: RequestHead;
  readonly address?: S3Address;
  readonly caller?: S3Caller;
  readonly operation?: S3Operation;
  /** Undefined if the call succeeded. */
  readonly error: unknown;
  readonly response?: S3Response;
};

/** Has the calls of S3 recorded as CloudTrail does. @returns a function that throws as the recorder */
export function auditS3({ wants, record }: Recorder, originOf: OriginOf) {
  return (ended: EndedS3Call): void | Promise<void> => {
    const operation = ended.operation ?? askedFor(ended);
    const kind = operation ? kindOf(operation) : unknownKind;
    if (wants(kind)) return record(eventOf(ended, kind, originOf(ended.request.raw)));
  };
}

/** Of a request that was refused before its operation was looked for. */
function askedFor({ request: { method, url, headers }, address }: EndedS3Call): S3Operation | undefined {
  try {
    return address && operationOf({ method, address, query: new URLSearchParams(queryOf(url)), headers });
  } catch {
    return undefined;
  }
}

/** Where CloudTrail's name is not that of the operation. */
const eventNames: Readonly<Record<string, string>> = {
  ListObjectsV2: 'ListObjects',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'DeleteBucketPublicAccessBlock',
};

/** Operations on the objects of a bucket; so are all on one object. */
const aboutObjects = new Set([
  ...['HeadBucket', 'ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'ListMultipartUploads', 'DeleteObjects'],
]);

const kinds = new WeakMap<S3Operation, EventKind>();

function kindOf(operation: S3Operation): EventKind {
  const known = kinds.get(operation);
  if (known) return known;
  const { name } = operation;
  const kind = eventKind({
    source: 's3.amazonaws.com',
    name: eventNames[name] ?? name,
    isReadOnly: /^(Get|Head|List)/.test(name),
    isManagement: !objectOperations.has(operation) && !aboutObjects.has(name),
  });
  kinds.set(operation, kind);
  return kind;
}

function eventOf(
  { id, request, address, caller, error, response }: EndedS3Call,
  kind: EventKind,
  { remoteAddress }: Origin,
) {
  const { headers, url } = request;
  const sent = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
  return {
    kind,
    requestId: id,
    sourceAddress: remoteAddress,
    userAgent: headers['user-agent'],
    caller: caller ?? claimed(request),
    failure: error === undefined ? undefined : failureOf(error),
    requestParameters: parametersOf(request, address),
    responseElements: null,
    additional: {
      AuthenticationMethod: headers.authorization === undefined ? 'QueryString' : 'AuthHeader',
      bytesTransferredIn: Number.isFinite(sent) ? sent : 0,
      bytesTransferredOut: bytesOf(response),
      'x-amz-id-2': id,
    },
    resources: resourcesOf(address, caller),
    ...(address === undefined && { requestParameters: { method: request.method, ...pathOf(url) } }),
  } satisfies Omit<AuditedEvent, 'time'>;
}

function failureOf(error: unknown): EventFailure {
  const known = s3ErrorOf(error);
  return known ? { errorCode: known.code, errorMessage: known.message } : { errorCode: 'InternalError' };
}

/** What the answer says that it has. */
function bytesOf({ headers, body }: S3Response = {}): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body === undefined ? 0 : Number(headers?.['content-length'] ?? 0);
}

/** Parameters of a query that prove who asks, or say it. */
const ofSignature = /^(X-Amz-.*|AWSAccessKeyId|Signature|Expires)$/i;

function parametersOf({ url, headers }: RequestHead, address: S3Address | undefined) {
  const query = [...new URLSearchParams(queryOf(url))].filter(([name]) => !ofSignature.test(name));
  const source = headers['x-amz-copy-source'];
  return {
    ...Object.fromEntries(query),
    ...(address?.bucket !== undefined && { bucketName: address.bucket }),
    ...(address && address.key !== '' && { key: address.key }),
    ...(source !== undefined && { 'x-amz-copy-source': source }),
    Host: headers.host ?? null,
  };
}

function resourcesOf(address: S3Address | undefined, caller: S3Caller | undefined): readonly EventResource[] {
  if (address?.bucket === undefined) return [];
  const ARN = `arn:aws:s3:::${address.bucket}`;
  const bucket = { type: 'AWS::S3::Bucket', ARN, ...(caller && { accountId: caller.account }) };
  if (address.key === '') return [bucket];
  return [{ type: 'AWS::S3::Object', ARN: `${ARN}/${address.key}` }, bucket];
}

/** The access key under which a request was made that was refused before its caller was known. */
function claimed({ url, headers }: RequestHead): AuditedCaller {
  try {
    const { accessKeyId, region } = readClaim({ url, headers }, s3Rules.service);
    return { accessKeyId: accessKeyId.slice(0, 128), region };
  } catch {
    return {};
  }
}
