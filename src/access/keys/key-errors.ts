import { ServiceError } from '../../contract/errors.ts';

/** The errors of the key service, in the words of AWS KMS where those are known. */

export const keyNotFound = (arn: string) => new ServiceError('NotFoundException', `Key '${arn}' does not exist`);

export const invalidKeyId = (text: string) => new ServiceError('NotFoundException', `Invalid keyId '${text}'`);

export const aliasNotFound = (arn: string) => new ServiceError('NotFoundException', `Alias ${arn} is not found.`);

export const keyDisabled = (arn: string) => new ServiceError('DisabledException', `${arn} is disabled.`);

export const pendingDeletion = (arn: string) =>
  new ServiceError('KMSInvalidStateException', `${arn} is pending deletion.`);

export const invalidCiphertext = () =>
  new ServiceError(
    'InvalidCiphertextException',
    'The ciphertext was made with another key or another encryption context, or it was altered.',
  );

export const incorrectKey = () =>
  new ServiceError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );

export const invalidRequest = (message: string) => new ServiceError('ValidationException', message);

export const unsupported = (message: string) => new ServiceError('UnsupportedOperationException', message);
