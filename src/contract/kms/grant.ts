import { operation } from '../operation.ts';
import { boolean, Empty, enumeration, list, optional, string, structure, timestamp } from '../shape.ts';
import { EncryptionContext, GrantTokens, KeyId, pageInput, pageOutput } from './common.ts';

/** An ARN. */
const PrincipalId = string({ min: 1, max: 256, pattern: '^[\\w+=,.@:/-]+$' });
const ServicePrincipal = string({
  min: 1,
  max: 128,
  pattern: '^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$',
});
const GrantId = string({ min: 1, max: 128 });
const GrantName = string({ min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' });

const GrantOperation = enumeration([
  ...(['Decrypt', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom'] as const),
  ...(['ReEncryptTo', 'Sign', 'Verify', 'GetPublicKey', 'CreateGrant', 'RetireGrant', 'DescribeKey'] as const),
  ...(['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext', 'GenerateMac', 'VerifyMac'] as const),
  ...(['DeriveSharedSecret', 'Encapsulate', 'Decapsulate'] as const),
]);

const Constraints = structure({
  EncryptionContextSubset: optional(EncryptionContext),
  EncryptionContextEquals: optional(EncryptionContext),
  SourceArn: optional(string({ min: 20, max: 512, pattern: '^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$' })),
});

export const CreateGrant = operation({
  name: 'CreateGrant',
  service: 'kms',
  input: structure({
    KeyId,
    GranteePrincipal: optional(PrincipalId),
    RetiringPrincipal: optional(PrincipalId),
    Operations: list(GrantOperation),
    Constraints: optional(Constraints),
    GrantTokens: optional(GrantTokens),
    Name: optional(GrantName),
    DryRun: optional(boolean()),
    GranteeServicePrincipal: optional(ServicePrincipal),
    RetiringServicePrincipal: optional(ServicePrincipal),
  }),
  output: structure({ GrantToken: optional(string({ min: 1, max: 8192 })), GrantId: optional(GrantId) }),
  resources: ['KeyId'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'InvalidArnException',
    'InvalidGrantTokenException',
    'LimitExceededException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
});

export const ListGrants = operation({
  name: 'ListGrants',
  service: 'kms',
  input: structure({
    ...pageInput,
    KeyId,
    GrantId: optional(GrantId),
    GranteePrincipal: optional(PrincipalId),
    GranteeServicePrincipal: optional(ServicePrincipal),
  }),
  output: structure({
    Grants: optional(
      list(
        structure({
          KeyId: optional(KeyId),
          GrantId: optional(GrantId),
          Name: optional(GrantName),
          CreationDate: optional(timestamp()),
          GranteePrincipal: optional(PrincipalId),
          RetiringPrincipal: optional(PrincipalId),
          IssuingAccount: optional(PrincipalId),
          Operations: optional(list(GrantOperation)),
          Constraints: optional(Constraints),
        }),
      ),
    ),
    ...pageOutput,
  }),
  resources: ['KeyId'],
  errors: [
    'NotFoundException',
    'InvalidMarkerException',
    'InvalidGrantIdException',
    'InvalidArnException',
    'KMSInvalidStateException',
  ],
});

export const RevokeGrant = operation({
  name: 'RevokeGrant',
  service: 'kms',
  input: structure({ KeyId, GrantId, DryRun: optional(boolean()) }),
  output: Empty,
  resources: ['KeyId'],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'InvalidGrantIdException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
});
