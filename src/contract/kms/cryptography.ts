import type { ModelledError } from '../errors.ts';
import { operation } from '../operation.ts';
import { blob, boolean, enumeration, integer, list, optional, string, structure } from '../shape.ts';
import { EncryptionAlgorithm, EncryptionContext, GrantTokens, KeyId, KeyMaterialId } from './common.ts';

const Plaintext = blob({ min: 1, max: 4096, sensitive: true });
const Ciphertext = blob({ min: 1, max: 6144 });

const DataKeySpec = enumeration(['AES_256', 'AES_128']);
const NumberOfBytes = integer({ min: 1, max: 1024 });
const DryRunModifiers = list(enumeration(['IGNORE_CIPHERTEXT']));

/** An enclave that the answer is encrypted for. */
const Recipient = structure({
  KeyEncryptionAlgorithm: optional(enumeration(['RSAES_OAEP_SHA_256'])),
  AttestationDocument: optional(blob({ min: 1, max: 262_144 })),
});

/** Of every operation that uses a key. */
const errors: readonly ModelledError[] = [
  'NotFoundException',
  'DisabledException',
  'InvalidGrantTokenException',
  'InvalidKeyUsageException',
  'KMSInternalException',
  'KMSInvalidStateException',
  'DryRunOperationException',
];
const decryptionErrors: readonly ModelledError[] = [...errors, 'InvalidCiphertextException', 'IncorrectKeyException'];

export const Encrypt = operation({
  name: 'Encrypt',
  service: 'kms',
  input: structure({
    KeyId,
    Plaintext,
    EncryptionContext: optional(EncryptionContext),
    GrantTokens: optional(GrantTokens),
    EncryptionAlgorithm: optional(EncryptionAlgorithm),
    DryRun: optional(boolean()),
  }),
  output: structure({
    CiphertextBlob: optional(Ciphertext),
    KeyId: optional(KeyId),
    EncryptionAlgorithm: optional(EncryptionAlgorithm),
  }),
  resources: ['KeyId'],
  errors,
  readOnly: true,
});

export const Decrypt = operation({
  name: 'Decrypt',
  service: 'kms',
  input: structure({
    CiphertextBlob: optional(Ciphertext),
    EncryptionContext: optional(EncryptionContext),
    GrantTokens: optional(GrantTokens),
    KeyId: optional(KeyId),
    EncryptionAlgorithm: optional(EncryptionAlgorithm),
    Recipient: optional(Recipient),
    DryRun: optional(boolean()),
    DryRunModifiers: optional(DryRunModifiers),
  }),
  output: structure({
    KeyId: optional(KeyId),
    Plaintext: optional(Plaintext),
    EncryptionAlgorithm: optional(EncryptionAlgorithm),
    KeyMaterialId: optional(KeyMaterialId),
  }),
  resources: ['KeyId'],
  errors: decryptionErrors,
  readOnly: true,
});

export const ReEncrypt = operation({
  name: 'ReEncrypt',
  service: 'kms',
  input: structure({
    CiphertextBlob: optional(Ciphertext),
    SourceEncryptionContext: optional(EncryptionContext),
    SourceKeyId: optional(KeyId),
    DestinationKeyId: KeyId,
    DestinationEncryptionContext: optional(EncryptionContext),
    SourceEncryptionAlgorithm: optional(EncryptionAlgorithm),
    DestinationEncryptionAlgorithm: optional(EncryptionAlgorithm),
    GrantTokens: optional(GrantTokens),
    DryRun: optional(boolean()),
    DryRunModifiers: optional(DryRunModifiers),
  }),
  output: structure({
    CiphertextBlob: optional(Ciphertext),
    SourceKeyId: optional(KeyId),
    KeyId: optional(KeyId),
    SourceEncryptionAlgorithm: optional(EncryptionAlgorithm),
    DestinationEncryptionAlgorithm: optional(EncryptionAlgorithm),
    SourceKeyMaterialId: optional(KeyMaterialId),
    DestinationKeyMaterialId: optional(KeyMaterialId),
  }),
  resources: ['SourceKeyId', 'DestinationKeyId'],
  errors: decryptionErrors,
  readOnly: true,
});

export const GenerateDataKey = operation({
  name: 'GenerateDataKey',
  service: 'kms',
  input: structure({
    KeyId,
    EncryptionContext: optional(EncryptionContext),
    NumberOfBytes: optional(NumberOfBytes),
    KeySpec: optional(DataKeySpec),
    GrantTokens: optional(GrantTokens),
    Recipient: optional(Recipient),
    DryRun: optional(boolean()),
  }),
  output: structure({
    CiphertextBlob: optional(Ciphertext),
    Plaintext: optional(Plaintext),
    KeyId: optional(KeyId),
    KeyMaterialId: optional(KeyMaterialId),
  }),
  resources: ['KeyId'],
  errors,
  readOnly: true,
});

export const GenerateDataKeyWithoutPlaintext = operation({
  name: 'GenerateDataKeyWithoutPlaintext',
  service: 'kms',
  input: structure({
    KeyId,
    EncryptionContext: optional(EncryptionContext),
    KeySpec: optional(DataKeySpec),
    NumberOfBytes: optional(NumberOfBytes),
    GrantTokens: optional(GrantTokens),
    DryRun: optional(boolean()),
  }),
  output: structure({
    CiphertextBlob: optional(Ciphertext),
    KeyId: optional(KeyId),
    KeyMaterialId: optional(KeyMaterialId),
  }),
  resources: ['KeyId'],
  errors,
  readOnly: true,
});

export const GenerateRandom = operation({
  name: 'GenerateRandom',
  service: 'kms',
  input: structure({
    NumberOfBytes: optional(NumberOfBytes),
    CustomKeyStoreId: optional(string({ min: 1, max: 64 })),
    Recipient: optional(Recipient),
  }),
  output: structure({ Plaintext: optional(Plaintext) }),
  resources: [],
  errors: ['UnsupportedOperationException'],
  readOnly: true,
});
