import { randomBytes } from 'node:crypto';
import type { KeyCipher } from '../../access/keys/key-cipher.ts';
import { incorrectKey, invalidRequest, unsupported } from '../../access/keys/key-errors.ts';
import type { Key } from '../../access/keys/key-lookup.ts';
import type { KeyStore } from '../../access/keys/key-store.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { Caller, HandlersOf } from '../handler.ts';

type CryptographicOperation =
  | 'Encrypt'
  | 'Decrypt'
  | 'ReEncrypt'
  | 'GenerateDataKey'
  | 'GenerateDataKeyWithoutPlaintext'
  | 'GenerateRandom';

type Parts = { readonly store: KeyStore; readonly cipher: KeyCipher };

const symmetric = 'SYMMETRIC_DEFAULT';
const largestPlaintext = 4096;
const largestCiphertext = 6144;
const bytesOfSpec = { AES_256: 32, AES_128: 16 } as const;

/** What keys are for, as KMS has it. */
export const cryptographicHandlers = (parts: Parts): HandlersOf<CryptographicOperation> => ({
  async Encrypt({ KeyId, Plaintext, EncryptionContext = {}, EncryptionAlgorithm, DryRun }, caller) {
    requireSymmetric(EncryptionAlgorithm);
    const plaintext = bytesOf('plaintext', Plaintext, largestPlaintext);
    const key = await parts.store.find(KeyId, caller);
    const { ciphertext } = await parts.cipher.encrypt(key, plaintext, EncryptionContext);
    endDryRun(DryRun);
    return { CiphertextBlob: text(ciphertext), KeyId: key.arn, EncryptionAlgorithm: symmetric };
  },

  async Decrypt({ CiphertextBlob, KeyId, EncryptionContext = {}, ...input }, caller) {
    requireSymmetric(input.EncryptionAlgorithm);
    refuseEnclaves(input);
    const { key, ciphertext } = await sourceOf(parts, CiphertextBlob, KeyId, caller);
    const { plaintext, materialId } = await parts.cipher.decrypt(key, ciphertext, EncryptionContext);
    endDryRun(input.DryRun);
    return {
      KeyId: key.arn,
      Plaintext: text(plaintext),
      EncryptionAlgorithm: symmetric,
      KeyMaterialId: materialId,
    };
  },

  async ReEncrypt(input, caller) {
    requireSymmetric(input.SourceEncryptionAlgorithm);
    requireSymmetric(input.DestinationEncryptionAlgorithm);
    refuseEnclaves(input);
    const from = await sourceOf(parts, input.CiphertextBlob, input.SourceKeyId, caller);
    const to = await parts.store.find(input.DestinationKeyId, caller);
    const decrypted = await parts.cipher.decrypt(from.key, from.ciphertext, input.SourceEncryptionContext ?? {});
    const encrypted = await parts.cipher.encrypt(to, decrypted.plaintext, input.DestinationEncryptionContext ?? {});
    endDryRun(input.DryRun);
    return {
      CiphertextBlob: text(encrypted.ciphertext),
      SourceKeyId: from.key.arn,
      KeyId: to.arn,
      SourceEncryptionAlgorithm: symmetric,
      DestinationEncryptionAlgorithm: symmetric,
      SourceKeyMaterialId: decrypted.materialId,
      DestinationKeyMaterialId: encrypted.materialId,
    };
  },

  async GenerateDataKey(input, caller) {
    refuseEnclaves(input);
    const { plaintext, ...answer } = await newDataKey(parts, input, caller);
    return { ...answer, Plaintext: text(plaintext) };
  },

  async GenerateDataKeyWithoutPlaintext(input, caller) {
    const { plaintext: _, ...answer } = await newDataKey(parts, input, caller);
    return answer;
  },

  async GenerateRandom({ NumberOfBytes, ...input }) {
    refuseEnclaves(input);
    if (input.CustomKeyStoreId !== undefined) {
      throw unsupported('CustomKeyStoreId is not available in this version of OpenPersonalize.');
    }
    if (NumberOfBytes === undefined) throw invalidRequest('NumberOfBytes must be given.');
    return { Plaintext: text(randomBytes(NumberOfBytes)) };
  },
});

type DataKeyInput = {
  readonly KeyId: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly NumberOfBytes?: number;
  readonly KeySpec?: keyof typeof bytesOfSpec;
  readonly DryRun?: boolean;
};

async function newDataKey({ store, cipher }: Parts, input: DataKeyInput, caller: Caller) {
  const { KeyId, EncryptionContext = {}, NumberOfBytes, KeySpec, DryRun } = input;
  if ((NumberOfBytes === undefined) === (KeySpec === undefined)) {
    throw invalidRequest('Please specify either number of bytes or key spec.');
  }
  const plaintext = randomBytes(NumberOfBytes ?? bytesOfSpec[KeySpec ?? 'AES_256']);
  const key = await store.find(KeyId, caller);
  const { ciphertext, materialId } = await cipher.encrypt(key, plaintext, EncryptionContext);
  endDryRun(DryRun);
  return { plaintext, CiphertextBlob: text(ciphertext), KeyId: key.arn, KeyMaterialId: materialId };
}

type Source = { readonly key: Key; readonly ciphertext: Buffer };

/** The key that has made a ciphertext. @throws ServiceError IncorrectKeyException if the caller names another one */
async function sourceOf(
  { store, cipher }: Parts,
  blob: string | undefined,
  keyId: string | undefined,
  caller: Caller,
): Promise<Source> {
  if (blob === undefined) throw invalidRequest('CiphertextBlob must be given.');
  const ciphertext = bytesOf('ciphertextBlob', blob, largestCiphertext);
  const named = keyId === undefined ? undefined : await store.find(keyId, caller);
  const key = await cipher.keyOf(ciphertext);
  if (named && named.id !== key.id) throw incorrectKey();
  return { key, ciphertext };
}

const text = (bytes: Buffer) => bytes.toString('base64');

/** The contract bounds the text alone, which has up to two bytes more than the service takes. */
function bytesOf(member: string, given: string, most: number): Buffer {
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length >= 1 && bytes.length <= most) return bytes;
  throw invalidRequest(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ` +
      `Member must have length ${bytes.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${most}`}`,
  );
}

function requireSymmetric(algorithm: string = symmetric): void {
  if (algorithm === symmetric) return;
  throw new ServiceError('InvalidKeyUsageException', `${algorithm} is not available: keys are symmetric here.`);
}

function refuseEnclaves({ Recipient, DryRunModifiers = [] }: { Recipient?: object; DryRunModifiers?: string[] }): void {
  if (Recipient !== undefined) throw invalidRequest('Recipient is not available in this version of OpenPersonalize.');
  if (DryRunModifiers.length > 0) {
    throw invalidRequest('DryRunModifiers are not available in this version of OpenPersonalize.');
  }
}

/** @throws ServiceError DryRunOperationException once all else was in order */
function endDryRun(isDry = false): void {
  if (!isDry) return;
  throw new ServiceError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}
