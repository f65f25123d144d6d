import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../contract/errors.ts';
import type { DataKeys, EncryptionContext, KeyUse } from '../../data/encryption/data-keys.ts';
import { KeyError, type KeyProblem } from '../../data/encryption/key-error.ts';
import type { KeyCipher } from './key-cipher.ts';
import { keyNotFound } from './key-errors.ts';
import { findKeyIfThere, type Key } from './key-lookup.ts';
import { readKeyReference } from './key-reference.ts';
import type { keyUseRefusal } from './key-use-refusal.ts';
import type { KeyParts } from './keys-change.ts';

type LocalParts = Omit<KeyParts, 'dialect'> & {
  readonly cipher: KeyCipher;
  /** Why a use is not allowed, as a sentence; undefined if it is. */
  readonly refusalOf: ReturnType<typeof keyUseRefusal>;
};

const dataKeyBytes = 32;

/** Data keys of keys in the local key store. */
export class LocalDataKeys implements DataKeys {
  readonly #parts: LocalParts;

  constructor(parts: LocalParts) {
    this.#parts = parts;
  }

  async generate(use: KeyUse, context: EncryptionContext) {
    return await asKeyErrors(use, async () => {
      const key = await this.#allowed(use, 'kms:GenerateDataKey', context);
      const plaintext = randomBytes(dataKeyBytes);
      const { ciphertext } = await this.#parts.cipher.encrypt(key, plaintext, context);
      return { plaintext, wrapped: ciphertext };
    });
  }

  async unwrap(use: KeyUse, wrapped: Uint8Array, context: EncryptionContext) {
    return await asKeyErrors(use, async () => {
      const key = await this.#allowed(use, 'kms:Decrypt', context);
      return (await this.#parts.cipher.decrypt(key, wrapped, context)).plaintext;
    });
  }

  async #allowed(use: KeyUse, action: string, context: EncryptionContext): Promise<Key> {
    const { database, now, refusalOf } = this.#parts;
    const { kmsKeyArn, account } = use;
    const reference = readKeyReference(kmsKeyArn, { account, region: kmsKeyArn.split(':')[3] ?? '' });
    const key = await findKeyIfThere(database, reference, now());
    const refusal = await refusalOf({ key, action, use, context });
    if (refusal !== undefined) throw new KeyError('denied', kmsKeyArn, refusal);
    if (!key) throw keyNotFound(kmsKeyArn);
    return key;
  }
}

const problems: Readonly<Partial<Record<ServiceError['code'], KeyProblem>>> = {
  NotFoundException: 'notFound',
  InvalidArnException: 'notFound',
  DisabledException: 'disabled',
  KMSInvalidStateException: 'pendingDeletion',
  InvalidCiphertextException: 'invalid',
  KMSInternalException: 'unreachable',
};

const advice: Readonly<Record<KeyProblem, string>> = {
  notFound: 'make a key with "openpersonalize keys create", and name it by its ARN.',
  disabled: 'enable it with "openpersonalize keys enable".',
  pendingDeletion: 'have it back with "openpersonalize keys restore", then enable it.',
  denied: 'allow it in the policy of the key or of the role.',
  invalid: 'restore what it has encrypted from a backup.',
  unreachable: 'start again once it can be read.',
};

async function asKeyErrors<T>({ kmsKeyArn }: KeyUse, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const kind = error instanceof ServiceError ? problems[error.code] : undefined;
    if (!(error instanceof ServiceError) || kind === undefined) throw error;
    const sentence = error.message.replace(/\.?$/, '');
    throw new KeyError(kind, kmsKeyArn, `The key ${kmsKeyArn} cannot be used: ${sentence}. To go on, ${advice[kind]}`, {
      cause: error,
    });
  }
}
