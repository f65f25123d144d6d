import { hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

/**
 * A file or folder on this machine, with its key if it is sealed: 32 bytes in base64. It goes to other threads and
 * processes as a message, and nowhere else.
 */
export type FilePath = string | { readonly path: string; readonly key?: string | undefined };

export const pathOf = (file: FilePath): string => (typeof file === 'string' ? file : file.path);

export const keyOf = (file: FilePath): string | undefined => (typeof file === 'string' ? undefined : file.key);

/** Where a key is given, the file is sealed with it. */
export const filePath = (path: string, key: string | undefined): FilePath => (key === undefined ? path : { path, key });

/** A file of a folder. Each file of a sealed one has a key of its own, which follows from its name. */
export function fileIn(folder: FilePath, name: string): FilePath {
  const key = keyOf(folder);
  return filePath(join(pathOf(folder), name), key && derivedKey(key, name));
}

/**
 * A key for one purpose, which says nothing of the key that it follows from (HKDF, RFC 5869).
 *
 * @param key in base64, as the result
 */
export function derivedKey(key: string, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', purpose, keyBytes)).toString('base64');
}

/** A key for what nobody reads after this process. */
export const passingKey = (): string => randomBytes(keyBytes).toString('base64');

const keyBytes = 32;
