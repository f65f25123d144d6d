import { ObjectStoreError } from './object-store.ts';

/** Throws ObjectStoreError `invalid-key` for a key that could lead out of its root, or that no object can have. */
export function checkKey(key: string): void {
  if (key === '' || key.endsWith('/')) throw invalid(key, 'it names a folder, not an object');
  checkPrefix(key);
}

/** The same for the beginning of keys, which may be empty or end in `/`. */
export function checkPrefix(prefix: string): void {
  if (prefix.startsWith('/')) throw invalid(prefix, 'it begins with "/"');
  if (prefix.includes('\0')) throw invalid(prefix, 'it has a NUL character');
  const leadsUp = prefix.split('/').find((segment) => segment === '.' || segment === '..');
  if (leadsUp !== undefined) throw invalid(prefix, `it has a segment "${leadsUp}"`);
}

/** For `localFolder`: a prefix that ends in `/`, or the empty one. */
export function checkFolderPrefix(prefix: string): void {
  checkPrefix(prefix);
  if (prefix !== '' && !prefix.endsWith('/')) throw invalid(prefix, 'a folder ends in "/"');
}

/** For `removeAll`: a folder below the root, so that a name that is too short never takes everything along. */
export function checkFolderToRemove(prefix: string): void {
  checkFolderPrefix(prefix);
  if (prefix === '') throw invalid(prefix, 'everything is never removed at once');
}

function invalid(key: string, reason: string): ObjectStoreError {
  return new ObjectStoreError('invalid-key', `The key ${JSON.stringify(key)} is not allowed: ${reason}.`);
}
