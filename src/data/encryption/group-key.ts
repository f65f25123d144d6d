import { derivedKey } from './file-path.ts';

/** A key of a dataset group, from which the keys of its objects follow. */
export type GroupKey = {
  /** 32 hexadecimal digits, which say nothing of the key. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly secret: string;
};

/**
 * The prefix for objects that a key seals. Their names say which: a reader needs nothing else, and one that
 * should be sealed is not taken for one that is not.
 *
 * @param prefix ends in `/`
 */
export const sealedPrefix = (prefix: string, key: GroupKey | undefined): string =>
  key === undefined ? prefix : `${prefix}sealed-${key.id}/`;

/** The id of the key of an object, or of all below a prefix; undefined if they are not sealed. */
export const keyIdOfName = (name: string): string | undefined => /(?:^|\/)sealed-([\da-f]{32})\//.exec(name)?.[1];

/** The key of all objects of a prefix: each has one of its own (`fileIn`). */
export const prefixKey = (key: GroupKey, prefix: string): string => derivedKey(key.secret, `objects ${prefix}`);

/** The key of one object. */
export function objectKey(key: GroupKey, name: string): string {
  const cut = name.lastIndexOf('/') + 1;
  return derivedKey(prefixKey(key, name.slice(0, cut)), name.slice(cut));
}
