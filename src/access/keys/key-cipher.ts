import type { Database } from '../../data/database/database.ts';
import type { EncryptionContext } from '../../data/encryption/data-keys.ts';
import type { SecretKey } from '../principals/secret-key.ts';
import { decrypt, encrypt, headerOf } from './ciphertext.ts';
import { invalidCiphertext } from './key-errors.ts';
import { findKeyById, type Key, requireEnabled } from './key-lookup.ts';
import { openVersion } from './key-versions.ts';

export type CipherParts = {
  readonly database: Database;
  /** What keys are sealed with; undefined where there is none. */
  readonly secretKey: () => Promise<SecretKey | undefined>;
  readonly now: () => number;
};

export type Encrypted = { readonly ciphertext: Buffer; readonly materialId: string };
export type Decrypted = { readonly plaintext: Buffer; readonly materialId: string };

/** Encrypts and decrypts with keys of the local store. Whether somebody may is not asked here. */
export class KeyCipher {
  readonly #parts: CipherParts;
  #secretKey: SecretKey | undefined;

  constructor(parts: CipherParts) {
    this.#parts = parts;
  }

  /** @throws ServiceError if the key is not enabled, or sealed with a key file that is not here */
  async encrypt(key: Key, plaintext: Uint8Array, context: EncryptionContext): Promise<Encrypted> {
    requireEnabled(key);
    const header = { keyId: key.id, version: key.version };
    const version = await openVersion(this.#parts.database, await this.#openedKey(), header);
    if (!version) throw new Error(`Version ${key.version} of ${key.arn} is gone.`);
    return { ciphertext: encrypt(version.bytes, header, plaintext, context), materialId: version.materialId };
  }

  /** The key that a ciphertext names. @throws ServiceError InvalidCiphertextException if that is none */
  async keyOf(ciphertext: Uint8Array): Promise<Key> {
    const header = headerOf(ciphertext);
    const key = header && (await findKeyById(this.#parts.database, header.keyId, this.#parts.now()));
    if (!key) throw invalidCiphertext();
    return key;
  }

  /**
   * @param key that the ciphertext names
   * @throws ServiceError as `encrypt`, InvalidCiphertextException for another key or context, or what was altered
   */
  async decrypt(key: Key, ciphertext: Uint8Array, context: EncryptionContext): Promise<Decrypted> {
    const header = headerOf(ciphertext);
    if (header?.keyId !== key.id) throw invalidCiphertext();
    requireEnabled(key);
    const version = await openVersion(this.#parts.database, await this.#openedKey(), header);
    const plaintext = version && decrypt(version.bytes, ciphertext, context);
    if (!plaintext) throw invalidCiphertext();
    return { plaintext, materialId: version.materialId };
  }

  /** Read once: the file of a running server does not change. */
  async #openedKey(): Promise<SecretKey | undefined> {
    this.#secretKey ??= await this.#parts.secretKey();
    return this.#secretKey;
  }
}
