import { malformedDocument } from '../../../access/authorisation/policy-store.ts';
import { ServiceError } from '../../../contract/errors.ts';
import { type OperationName, operations } from '../../../contract/operations.ts';
import type { Dispatch } from '../../dispatch.ts';

/** Has operations of IAM fail with IAM's errors, in its words, where the stores have those of Personalize. */
export function withIamErrors(dispatch: Dispatch): Dispatch {
  return async (name, input, caller) => {
    try {
      return await dispatch(name, input, caller);
    } catch (error) {
      throw operations[name].service === 'iam' && error instanceof ServiceError ? iamError(error, name) : error;
    }
  };
}

function iamError(error: ServiceError, name: OperationName): ServiceError {
  const { code, message, arn = '' } = error;
  switch (code) {
    case 'ResourceNotFoundException':
      return noSuchEntity(missing(arn, name));
    case 'ResourceAlreadyExistsException':
      return new ServiceError('EntityAlreadyExistsException', alreadyThere(arn));
    case 'ResourceInUseException':
      return deleteConflict(message);
    case 'InvalidInputException':
      return message.startsWith(malformedDocument)
        ? new ServiceError('MalformedPolicyDocumentException', message.slice(malformedDocument.length))
        : error;
    default:
      return error;
  }
}

export const noSuchEntity = (message: string) => new ServiceError('NoSuchEntityException', message);

export const deleteConflict = (message: string) => new ServiceError('DeleteConflictException', message);

const nameIn = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

function missing(arn: string, operation: OperationName): string {
  if (arn.includes(':role/')) return `The role with name ${nameIn(arn)} cannot be found.`;
  if (arn.includes(':user/')) return `The user with name ${nameIn(arn)} cannot be found.`;
  if (arn.includes(':oidc-provider/')) return `OpenIDConnect Provider not found for arn ${arn}`;
  return operation.startsWith('Attach')
    ? `Policy ${arn} does not exist or is not attachable.`
    : `Policy ${arn} was not found.`;
}

function alreadyThere(arn: string): string {
  if (arn.includes(':role/')) return `Role with name ${nameIn(arn)} already exists.`;
  if (arn.includes(':user/')) return `User with name ${nameIn(arn)} already exists.`;
  if (arn.includes(':oidc-provider/')) {
    return `Provider with url https://${arn.replace(/^.*:oidc-provider\//, '')} already exists.`;
  }
  return `A policy called ${nameIn(arn)} already exists. Duplicate names are not allowed.`;
}
