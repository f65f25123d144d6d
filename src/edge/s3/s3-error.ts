import { ServiceError } from '../../contract/errors.ts';
import { BucketError, type BucketProblem } from '../../data/objects/folder-buckets/bucket-error.ts';
import { ObjectStoreError } from '../../data/objects/object-store.ts';
import { xmlDocument } from '../xml.ts';

/** The codes of S3's errors that are answered, with their HTTP status. */
const statuses = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  BadDigest: 400,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedPolicy: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchKey: 404,
  NoSuchPublicAccessBlockConfiguration: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeout: 400,
  RequestTimeTooSkewed: 403,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3Code = keyof typeof statuses;

/** A caller's mistake: the answer has its code and message. */
export class S3Error extends Error {
  readonly code: S3Code;
  /** Headers that the answer has beside those of any error. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: S3Code, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.headers = headers;
  }

  get status(): number {
    return statuses[this.code];
  }
}

const bucketCodes: Readonly<Record<BucketProblem, S3Code>> = {
  'bucket-exists': 'BucketAlreadyOwnedByYou',
  'bucket-missing': 'NoSuchBucket',
  'bucket-not-empty': 'BucketNotEmpty',
  'invalid-bucket-name': 'InvalidBucketName',
  'key-missing': 'NoSuchKey',
  'key-not-allowed': 'InvalidRequest',
  link: 'AccessDenied',
  'already-there': 'PreconditionFailed',
  'upload-missing': 'NoSuchUpload',
  'part-missing': 'InvalidPart',
  'part-order': 'InvalidPartOrder',
  'part-too-small': 'EntityTooSmall',
};

const storeCodes: Readonly<Record<ObjectStoreError['reason'], S3Code>> = {
  missing: 'NoSuchKey',
  damaged: 'InternalError',
  forbidden: 'AccessDenied',
  full: 'ServiceUnavailable',
  unreachable: 'InternalError',
  'invalid-key': 'InvalidRequest',
};

/** What the steps before an operation refuse; any other code keeps its name where S3 has it. */
const serviceCodes: Readonly<Partial<Record<ServiceError['code'], S3Code>>> = {
  MissingAuthenticationToken: 'AccessDenied',
  AccessDeniedException: 'AccessDenied',
  IncompleteSignature: 'AuthorizationHeaderMalformed',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  UnrecognizedClientException: 'InvalidAccessKeyId',
  ExpiredTokenException: 'ExpiredToken',
  ServiceUnavailable: 'ServiceUnavailable',
};

/** What an error means to a client of S3; undefined for a defect. */
export function s3ErrorOf(error: unknown): S3Error | undefined {
  if (error instanceof S3Error) return error;
  if (error instanceof BucketError) return new S3Error(bucketCodes[error.problem], error.message);
  if (error instanceof ObjectStoreError) return new S3Error(storeCodes[error.reason], error.message);
  if (error instanceof ServiceError) return new S3Error(serviceCodes[error.code] ?? 'AccessDenied', error.message);
  return undefined;
}

/** @param resource path of the bucket or object */
export const errorXml = ({ code, message }: Pick<S3Error, 'code' | 'message'>, resource: string, requestId: string) =>
  xmlDocument('Error', { Code: code, Message: message, Resource: resource, RequestId: requestId }, '');
