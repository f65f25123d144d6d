import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { derivedKey } from './file-path.ts';
import type { GroupKey } from './group-key.ts';
import { SealedError } from './sealed-error.ts';

const [cipher, ivBytes, tagBytes] = ['aes-256-gcm', 12, 16] as const;
const begin = 'sealed:';
const pattern = /^sealed:([\da-f]{32}):([A-Za-z\d+/]+=*)$/;

/**
 * A text for a column of the database, encrypted with AES-256-GCM.
 *
 * @param where the row that it is for: it is good for that alone
 */
export function sealText(text: string, key: GroupKey, where: string): string {
  const iv = randomBytes(ivBytes);
  const encryption = createCipheriv(cipher, textKey(key), iv).setAAD(Buffer.from(where));
  const sealed = Buffer.concat([iv, encryption.update(text, 'utf8'), encryption.final(), encryption.getAuthTag()]);
  return `${begin}${key.id}:${sealed.toString('base64')}`;
}

/** The id of the key of a sealed text; undefined if it is none. No text that is kept as it is has this form. */
export const keyIdOfText = (text: string): string | undefined =>
  text.startsWith(begin) ? pattern.exec(text)?.[1] : undefined;

/** @throws SealedError */
export function openText(sealed: string, key: GroupKey, where: string): string {
  const bytes = Buffer.from(pattern.exec(sealed)?.[2] ?? '', 'base64');
  if (bytes.length < ivBytes + tagBytes) throw new SealedError(where);
  const decryption = createDecipheriv(cipher, textKey(key), bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decryption.setAAD(Buffer.from(where)).setAuthTag(bytes.subarray(-tagBytes));
  const text = decryption.update(bytes.subarray(ivBytes, -tagBytes));
  try {
    return Buffer.concat([text, decryption.final()]).toString('utf8');
  } catch (cause) {
    throw new SealedError(where, { cause });
  }
}

const textKey = (key: GroupKey): Buffer => Buffer.from(derivedKey(key.secret, 'openpersonalize text'), 'base64');
