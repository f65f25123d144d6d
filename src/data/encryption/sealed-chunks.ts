import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { SealedError } from './sealed-error.ts';

/**
 * The form of sealed files: a header, then chunks of AES-256-GCM, each `chunkBytes` long but the last. The nonce is the
 * number of the chunk and whether it is the last (STREAM: Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015). So a
 * chunk that is missing, moved or added is found, and a reader can begin anywhere. The key follows from that of the
 * file and a salt in the header: no two writings share one, though they have the same name.
 */
const magic = Buffer.from('OPSEAL1\n');
const saltBytes = 32;
export const headerBytes = magic.length + saltBytes;
/** Of the content in a chunk: encrypting one takes a fraction of a millisecond. */
export const chunkBytes = 2 ** 18;
const tagBytes = 16;
export const sealedChunkBytes = chunkBytes + tagBytes;
const [cipher, keyBytes] = ['aes-256-gcm', 32] as const;

/** The chunks of one file. */
export class ChunkCipher {
  readonly #key: KeyObject;
  readonly header: Uint8Array;
  readonly #name: string;

  private constructor(key: string, salt: Uint8Array, name: string) {
    this.header = Buffer.concat([magic, salt]);
    this.#key = createSecretKey(
      Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), salt, 'openpersonalize file', keyBytes)),
    );
    this.#name = name;
  }

  /** @param name the file as messages name it */
  static create(key: string, name: string): ChunkCipher {
    return new ChunkCipher(key, randomBytes(saltBytes), name);
  }

  /** @throws SealedError if the file does not begin as sealed ones do */
  static of(key: string, header: Uint8Array, name: string): ChunkCipher {
    const isSealed = header.length >= headerBytes && magic.equals(header.subarray(0, magic.length));
    if (!isSealed) throw new SealedError(name);
    return new ChunkCipher(key, header.subarray(magic.length, headerBytes), name);
  }

  /** @param content at most `chunkBytes` */
  seal(content: Uint8Array, index: number, isLast: boolean): Buffer {
    const encryption = createCipheriv(cipher, this.#key, nonceOf(index, isLast));
    return Buffer.concat([encryption.update(content), encryption.final(), encryption.getAuthTag()]);
  }

  /** @throws SealedError */
  open(sealed: Uint8Array, index: number, isLast: boolean): Buffer {
    if (sealed.length < tagBytes) throw new SealedError(this.#name);
    const decryption = createDecipheriv(cipher, this.#key, nonceOf(index, isLast), { authTagLength: tagBytes });
    decryption.setAuthTag(sealed.subarray(-tagBytes));
    const content = decryption.update(sealed.subarray(0, -tagBytes));
    try {
      decryption.final();
    } catch (cause) {
      throw new SealedError(this.#name, { cause });
    }
    return content;
  }
}

/** How many chunks a sealed file has, by its size; there is always one, though it may be empty. */
export const chunkCount = (sealedBytes: number): number =>
  Math.max(1, Math.ceil((sealedBytes - headerBytes) / sealedChunkBytes));

/** How long the content of a sealed file is, by its size. */
export const contentBytes = (sealedBytes: number): number =>
  Math.max(0, sealedBytes - headerBytes - chunkCount(sealedBytes) * tagBytes);

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(index, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}
