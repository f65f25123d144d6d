import type { Service } from './service.ts';

/** The exceptions of the service models, with their HTTP status by service. A service without one never returns it. */
export const modelledErrors = {
  InvalidInputException: { personalize: 400, 'personalize-events': 400, 'personalize-runtime': 400, iam: 400 },
  ResourceNotFoundException: { personalize: 400, 'personalize-events': 404, 'personalize-runtime': 404 },
  ResourceInUseException: { personalize: 400, 'personalize-events': 409 },
  ResourceAlreadyExistsException: { personalize: 400 },
  LimitExceededException: { personalize: 400, kms: 400, iam: 409 },
  InvalidNextTokenException: { personalize: 400 },
  TooManyTagsException: { personalize: 400 },
  TooManyTagKeysException: { personalize: 400 },
  PackedPolicyTooLargeException: { sts: 400 },
  InvalidIdentityTokenException: { sts: 400 },
  ExpiredIdentityTokenException: { sts: 400 },
  IDPCommunicationErrorException: { sts: 400 },
  AlreadyExistsException: { kms: 400 },
  DisabledException: { kms: 400 },
  DryRunOperationException: { kms: 400 },
  IncorrectKeyException: { kms: 400 },
  InvalidAliasNameException: { kms: 400 },
  InvalidArnException: { kms: 400 },
  InvalidCiphertextException: { kms: 400 },
  InvalidGrantIdException: { kms: 400 },
  InvalidGrantTokenException: { kms: 400 },
  InvalidKeyUsageException: { kms: 400 },
  InvalidMarkerException: { kms: 400 },
  KMSInternalException: { kms: 500 },
  KMSInvalidStateException: { kms: 400 },
  MalformedPolicyDocumentException: { kms: 400, iam: 400, sts: 400 },
  NotFoundException: { kms: 400 },
  TagException: { kms: 400 },
  UnsupportedOperationException: { kms: 400 },
  NoSuchEntityException: { iam: 404 },
  EntityAlreadyExistsException: { iam: 409 },
  DeleteConflictException: { iam: 409 },
} as const satisfies Record<string, Partial<Record<Service, number>>>;

export type ModelledError = keyof typeof modelledErrors;

/** The errors that any AWS service's front end may return, with their HTTP status. */
export const commonErrors = {
  SerializationException: 400,
  ValidationException: 400,
  UnknownOperationException: 400,
  MissingAuthenticationToken: 403,
  AccessDeniedException: 400,
  IncompleteSignature: 400,
  InvalidSignatureException: 400,
  UnrecognizedClientException: 403,
  ExpiredTokenException: 400,
  ThrottlingException: 400,
  MalformedHttpRequestException: 400,
  RequestTimeoutException: 408,
  UnsupportedMediaType: 415,
  RequestEntityTooLarge: 413,
  RequestUriTooLong: 414,
  RequestHeaderSectionTooLarge: 431,
  ServiceUnavailable: 503,
  InternalFailure: 500,
} as const satisfies Record<string, number>;

export type CommonError = keyof typeof commonErrors;

/** A caller's mistake: the answer has its code and message. Anything else that is thrown is a defect. */
export class ServiceError extends Error {
  readonly code: ModelledError | CommonError;
  /** The resource that is missing or there already. */
  readonly arn: string | undefined;

  constructor(code: ModelledError | CommonError, message: string, arn?: string) {
    super(message);
    this.name = code;
    this.code = code;
    this.arn = arn;
  }
}

export const invalidInput = (message: string) => new ServiceError('InvalidInputException', message);

export const resourceNotFound = (arn: string) =>
  new ServiceError('ResourceNotFoundException', `Resource Arn ${arn} does not exist.`, arn);

export const resourceAlreadyExists = (arn: string) =>
  new ServiceError('ResourceAlreadyExistsException', `Another resource with Arn ${arn} already exists.`, arn);

export const resourceInUse = (message: string) => new ServiceError('ResourceInUseException', message);

export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', message);
