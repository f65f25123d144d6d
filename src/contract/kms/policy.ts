import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, structure } from '../shape.ts';
import { KeyId, Policy, PolicyName, pageInput, pageOutput } from './common.ts';

export const PutKeyPolicy = operation({
  name: 'PutKeyPolicy',
  service: 'kms',
  input: structure({
    KeyId,
    PolicyName: optional(PolicyName),
    Policy,
    BypassPolicyLockoutSafetyCheck: optional(boolean()),
  }),
  output: Empty,
  resources: ['KeyId'],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'MalformedPolicyDocumentException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
});

export const GetKeyPolicy = operation({
  name: 'GetKeyPolicy',
  service: 'kms',
  input: structure({ KeyId, PolicyName: optional(PolicyName) }),
  output: structure({ Policy: optional(Policy), PolicyName: optional(PolicyName) }),
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException'],
});

export const ListKeyPolicies = operation({
  name: 'ListKeyPolicies',
  service: 'kms',
  input: structure({ KeyId, ...pageInput }),
  output: structure({ PolicyNames: optional(list(PolicyName)), ...pageOutput }),
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException'],
});
