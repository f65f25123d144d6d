import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { EncryptionContext } from '../../data/encryption/data-keys.ts';
import { contextBytes } from './encryption-context.ts';

/** Which version of which key a ciphertext was made with. */
export type CiphertextHeader = {
  /** A UUID. */
  readonly keyId: string;
  readonly version: number;
};

const cipher = 'aes-256-gcm';
const format = 1;
const [idBytes, versionBytes, saltBytes, ivBytes, tagBytes] = [16, 4, 16, 12, 16];
const headerBytes = 1 + idBytes + versionBytes;
const overhead = headerBytes + saltBytes + ivBytes + tagBytes;
const keyBytes = 32;

/**
 * Encrypts with AES-256-GCM: format, id and version of the key, salt, IV, ciphertext, tag. Each message has a key of
 * its own, derived by HKDF from the salt, so that no key sees two messages with one IV, however many there are.
 *
 * @param key 32 bytes, that version of the key
 */
export function encrypt(
  key: Uint8Array,
  header: CiphertextHeader,
  plaintext: Uint8Array,
  context: EncryptionContext,
): Buffer {
  const head = headOf(header);
  const [salt, iv] = [randomBytes(saltBytes), randomBytes(ivBytes)];
  const encryption = createCipheriv(cipher, messageKey(key, salt), iv);
  encryption.setAAD(Buffer.concat([head, contextBytes(context)]));
  const content = [encryption.update(plaintext), encryption.final()];
  return Buffer.concat([head, salt, iv, ...content, encryption.getAuthTag()]);
}

/** What a ciphertext says of itself; undefined for what is none. Nothing of it is verified. */
export function headerOf(ciphertext: Uint8Array): CiphertextHeader | undefined {
  const bytes = Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength);
  if (bytes.length < overhead || bytes[0] !== format) return undefined;
  const id = bytes.toString('hex', 1, 1 + idBytes);
  const keyId = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { keyId, version: bytes.readUInt32BE(1 + idBytes) };
}

/** Undefined if it was made with another key or context, or altered. @param key that which the header names */
export function decrypt(key: Uint8Array, ciphertext: Uint8Array, context: EncryptionContext): Buffer | undefined {
  const bytes = Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength);
  const salt = bytes.subarray(headerBytes, headerBytes + saltBytes);
  const iv = bytes.subarray(headerBytes + saltBytes, headerBytes + saltBytes + ivBytes);
  const decryption = createDecipheriv(cipher, messageKey(key, salt), iv, { authTagLength: tagBytes });
  decryption.setAAD(Buffer.concat([bytes.subarray(0, headerBytes), contextBytes(context)]));
  decryption.setAuthTag(bytes.subarray(-tagBytes));
  const content = bytes.subarray(headerBytes + saltBytes + ivBytes, -tagBytes);
  try {
    return Buffer.concat([decryption.update(content), decryption.final()]);
  } catch {
    return undefined;
  }
}

function headOf({ keyId, version }: CiphertextHeader): Buffer {
  const head = Buffer.alloc(headerBytes);
  head[0] = format;
  head.write(keyId.replaceAll('-', ''), 1, 'hex');
  head.writeUInt32BE(version, 1 + idBytes);
  return head;
}

const messageKey = (key: Uint8Array, salt: Uint8Array) =>
  new Uint8Array(hkdfSync('sha256', key, salt, 'openpersonalize message', keyBytes));
