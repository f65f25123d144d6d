import { operation } from '../operation.ts';
import { boolean, Empty, enumeration, integer, list, optional, string, structure, timestamp } from '../shape.ts';
import { Description, EncryptionAlgorithm, GrantTokens, KeyId, Policy, pageInput, pageOutput, Tags } from './common.ts';

const CustomerMasterKeySpec = enumeration([
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const),
  ...(['ECC_SECG_P256K1', 'SYMMETRIC_DEFAULT', 'HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512', 'SM2'] as const),
]);

const KeySpec = enumeration([
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const),
  ...(['ECC_SECG_P256K1', 'SYMMETRIC_DEFAULT', 'HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512', 'SM2'] as const),
  ...(['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87', 'ECC_NIST_EDWARDS25519'] as const),
  ...(['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const),
]);

const KeyUsage = enumeration([
  ...(['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT', 'ENCAPSULATE_DECAPSULATE'] as const),
]);

const Origin = enumeration(['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE']);

const KeyState = enumeration([
  ...(['Creating', 'Enabled', 'Disabled', 'PendingDeletion', 'PendingImport', 'PendingReplicaDeletion'] as const),
  ...(['Unavailable', 'Updating'] as const),
]);

const KeyMetadata = structure({
  AWSAccountId: optional(string()),
  KeyId,
  Arn: optional(string({ min: 20, max: 2048 })),
  CreationDate: optional(timestamp()),
  Enabled: optional(boolean()),
  Description: optional(Description),
  KeyUsage: optional(KeyUsage),
  KeyState: optional(KeyState),
  DeletionDate: optional(timestamp()),
  Origin: optional(Origin),
  KeyManager: optional(enumeration(['AWS', 'CUSTOMER'])),
  CustomerMasterKeySpec: optional(CustomerMasterKeySpec),
  KeySpec: optional(KeySpec),
  EncryptionAlgorithms: optional(list(EncryptionAlgorithm)),
  MultiRegion: optional(boolean()),
});

export const CreateKey = operation({
  name: 'CreateKey',
  service: 'kms',
  input: structure({
    Policy: optional(Policy),
    Description: optional(Description),
    KeyUsage: optional(KeyUsage),
    CustomerMasterKeySpec: optional(CustomerMasterKeySpec),
    KeySpec: optional(KeySpec),
    Origin: optional(Origin),
    CustomKeyStoreId: optional(string({ min: 1, max: 64 })),
    BypassPolicyLockoutSafetyCheck: optional(boolean()),
    Tags: optional(Tags),
    MultiRegion: optional(boolean()),
    XksKeyId: optional(string({ min: 1, max: 128, pattern: '^[a-zA-Z0-9-_.]+$' })),
  }),
  output: structure({ KeyMetadata: optional(KeyMetadata) }),
  resources: [],
  errors: [
    'MalformedPolicyDocumentException',
    'UnsupportedOperationException',
    'LimitExceededException',
    'TagException',
  ],
});

export const DescribeKey = operation({
  name: 'DescribeKey',
  service: 'kms',
  input: structure({ KeyId, GrantTokens: optional(GrantTokens) }),
  output: structure({ KeyMetadata: optional(KeyMetadata) }),
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException'],
});

export const ListKeys = operation({
  name: 'ListKeys',
  service: 'kms',
  input: structure({
    ...pageInput,
    ResourceOwners: optional(list(enumeration(['SELF', 'OTHER_ACCOUNTS_VIA_RAM']), { min: 1, max: 2 })),
  }),
  output: structure({
    Keys: optional(list(structure({ KeyId: optional(KeyId), KeyArn: optional(string({ min: 20, max: 2048 })) }))),
    ...pageOutput,
  }),
  resources: [],
  errors: ['InvalidMarkerException'],
});

export const UpdateKeyDescription = operation({
  name: 'UpdateKeyDescription',
  service: 'kms',
  input: structure({ KeyId, Description }),
  output: Empty,
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException'],
});

export const EnableKey = operation({
  name: 'EnableKey',
  service: 'kms',
  input: structure({ KeyId }),
  output: Empty,
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'LimitExceededException', 'KMSInvalidStateException'],
});

export const DisableKey = operation({
  name: 'DisableKey',
  service: 'kms',
  input: structure({ KeyId }),
  output: Empty,
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException'],
});

const pendingDays = { min: 7, max: 30 };

export const ScheduleKeyDeletion = operation({
  name: 'ScheduleKeyDeletion',
  service: 'kms',
  // The model allows 1 to 365 days, the service 7 to 30.
  input: structure({ KeyId, PendingWindowInDays: optional(integer(pendingDays)) }),
  output: structure({
    KeyId: optional(KeyId),
    DeletionDate: optional(timestamp()),
    KeyState: optional(KeyState),
    PendingWindowInDays: optional(integer(pendingDays)),
  }),
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException'],
});

export const CancelKeyDeletion = operation({
  name: 'CancelKeyDeletion',
  service: 'kms',
  input: structure({ KeyId }),
  output: structure({ KeyId: optional(KeyId) }),
  resources: ['KeyId'],
  errors: ['NotFoundException', 'InvalidArnException', 'KMSInvalidStateException'],
});
