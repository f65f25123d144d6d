import { S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectStoreError } from './object-store.ts';

type Reason = ObjectStoreError['reason'];

/** Error codes of S3 and of servers that speak its protocol; others are known by their HTTP status. */
const reasons: Readonly<Record<string, Reason>> = {
  NoSuchKey: 'missing',
  NotFound: 'missing',
  NoSuchBucket: 'missing',
  AccessDenied: 'forbidden',
  Forbidden: 'forbidden',
  InvalidAccessKeyId: 'forbidden',
  SignatureDoesNotMatch: 'forbidden',
  ExpiredToken: 'forbidden',
  InsufficientStorage: 'full',
  XMinioStorageFull: 'full',
  QuotaExceeded: 'full',
  KeyTooLongError: 'invalid-key',
};
const reasonsOfStatus: Readonly<Record<number, Reason>> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'missing',
  507: 'full',
};

/** Codes of Node for connections, names and certificates, and names of errors of the S3 client about them. */
const networkCodes =
  /^(E[A-Z]+|EAI_[A-Z]+|ERR_STREAM_PREMATURE_CLOSE|ERR_TLS_\w+|UNABLE_TO_\w+|\w*CERT\w*|TimeoutError|NetworkingError)$/;

/** What an error of the S3 client means for the object at `place`; undefined for one that comes from elsewhere. */
export function s3Problem(error: unknown, location: string, bucket: string): ObjectStoreError | undefined {
  if (!(error instanceof Error)) return undefined;
  const problem = (reason: Reason, sentence: string) => new ObjectStoreError(reason, sentence, { cause: error });
  if (error.name === 'CredentialsProviderError') {
    return problem(
      'forbidden',
      `No credentials for ${location}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile.`,
    );
  }
  if (!(error instanceof S3ServiceException)) return networkProblem(error, location);
  if (error.name === 'NoSuchBucket') return problem('missing', `The bucket ${bucket} does not exist.`);
  switch (reasonOf(error)) {
    case 'missing':
      return problem('missing', `There is no object ${location}.`);
    case 'forbidden':
      return problem(
        'forbidden',
        `Access to ${location} is denied (${error.name}): check the credentials and the bucket's policy.`,
      );
    case 'full':
      return problem('full', `There is no space left to write ${location} (${error.name}).`);
    case 'invalid-key':
      return problem('invalid-key', `The key of ${location} is not allowed (${error.message}).`);
    default:
      return problem('unreachable', `The object store failed on ${location}: ${error.name}, ${error.message}`);
  }
}

function reasonOf(error: S3ServiceException): Reason {
  return reasons[error.name] ?? reasonsOfStatus[error.$metadata.httpStatusCode ?? 0] ?? 'unreachable';
}

function networkProblem(error: Error, location: string): ObjectStoreError | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (!networkCodes.test(code)) return undefined;
  return new ObjectStoreError('unreachable', `The object store cannot be reached for ${location} (${code}).`, {
    cause: error,
  });
}
