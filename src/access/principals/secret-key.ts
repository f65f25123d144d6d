import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { unlessMissing } from '../../data/objects/durable-files.ts';

const cipher = 'aes-256-gcm';
const [keyBytes, ivBytes, tagBytes] = [32, 12, 16];

/** Encrypts secrets for the database, with AES-256-GCM. */
export class SecretKey {
  readonly #key: KeyObject;
  /** Tells keys apart, and says nothing of them. */
  readonly id: string;

  constructor(bytes: Uint8Array) {
    this.#key = createSecretKey(bytes);
    this.id = createHash('sha256').update('openpersonalize key ').update(bytes).digest('hex').slice(0, 16);
  }

  /** @param owner what the secret is of: sealed text is good for it alone */
  seal(secret: string, owner: string): string {
    const iv = randomBytes(ivBytes);
    const encryption = createCipheriv(cipher, this.#key, iv).setAAD(Buffer.from(owner));
    const bytes = Buffer.concat([iv, encryption.update(secret, 'utf8'), encryption.final(), encryption.getAuthTag()]);
    return `1:${this.id}:${bytes.toString('base64')}`;
  }

  /** @throws Error if it was sealed with another key or for another owner, or is damaged */
  open(sealed: string, owner: string): string {
    const bytes = Buffer.from(sealed.split(':')[2] ?? '', 'base64');
    // What Buffer passes over must not be there: each secret has one form.
    if (sealed !== `1:${this.id}:${bytes.toString('base64')}`) throw new Error('It is not sealed with this key.');
    const decryption = createDecipheriv(cipher, this.#key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    decryption.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-tagBytes));
    return decryption.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decryption.final('utf8');
  }
}

/** The id of the key with which a text was sealed. */
export const keyIdOf = (sealed: string): string => sealed.split(':')[1] ?? '';

/** The key in a file; undefined if there is no such file. @throws Error with a sentence if it holds no key */
export async function readSecretKey(file: string): Promise<SecretKey | undefined> {
  const content = await readFile(file, 'utf8').catch(unlessMissing);
  if (content === undefined) return undefined;
  if (!/^[\da-f]{64}\n?$/.test(content)) {
    throw new Error(`The file ${file} holds no key: a key is 64 hexadecimal digits. Put the right file there.`);
  }
  return new SecretKey(Buffer.from(content.trim(), 'hex'));
}

/** As `readSecretKey`, with a new key in a file that its owner alone may read where there is none. */
export async function makeSecretKey(file: string): Promise<SecretKey> {
  const known = await readSecretKey(file);
  if (known) return known;
  const bytes = randomBytes(keyBytes);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${bytes.toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return new SecretKey(bytes);
}
