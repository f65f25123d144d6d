import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { unlessMissing } from '../durable-files.ts';
import { hiddenNames } from './object-paths.ts';
import { sortedNames } from './sorted-names.ts';

export type Walk = {
  /** The folder of the bucket. */
  readonly root: string;
  /** What all keys begin with. */
  readonly prefix: string;
  /** Keys up to this one are left out. */
  readonly after: string;
  /** Whether a folder's key, which ends in `/`, is given instead of what is in it. */
  readonly stopsAt: (folderKey: string) => boolean;
};

/** A key in the order of S3: an object, an empty folder, or a folder that is not looked into. */
export type WalkedKey = { readonly key: string; readonly isWhole: boolean };

/**
 * The keys of a bucket's folder in the order of their bytes. Folders before `after` and beside `prefix` are not read.
 * What is reached by a link out of the folder is left out.
 */
export async function* walkKeys(walk: Walk, folder = '', above: readonly string[] = []): AsyncGenerator<WalkedKey> {
  const real = await realOf(walk.root, folder);
  if (real === undefined || above.includes(real)) return;
  for (const name of await sortedNames(join(walk.root, folder))) {
    const key = folder + name;
    if (folder === '' && hiddenNames.includes(name.replace(/\/$/, ''))) continue;
    if (!key.startsWith(walk.prefix) && !(name.endsWith('/') && walk.prefix.startsWith(key))) continue;
    const isPast = key !== walk.after && !isBefore(key, walk.after);
    if (!name.endsWith('/')) {
      if (isPast) yield { key, isWhole: false };
    } else if (key.startsWith(walk.prefix) && walk.stopsAt(key)) {
      if (await isShown(walk, key, isPast)) yield { key, isWhole: true };
    } else if (isPast || walk.after.startsWith(key)) {
      const isEmpty = (await sortedNames(join(walk.root, key))).length === 0;
      if (!isEmpty) yield* walkKeys(walk, key, [...above, real]);
      else if (isPast && key.startsWith(walk.prefix) && (await realOf(walk.root, key))) yield { key, isWhole: false };
    }
  }
}

/** Whether a folder that is given as a whole is within the bucket and has keys that are not left out. */
async function isShown(walk: Walk, key: string, isPast: boolean): Promise<boolean> {
  if ((await realOf(walk.root, key)) === undefined || key === walk.after) return false;
  if (!walk.after.startsWith(key)) return isPast;
  const { done } = await walkKeys({ ...walk, stopsAt: () => false }, key).next();
  return done !== true;
}

/** Where a folder really is; undefined for one that is gone or outside of the root. */
async function realOf(root: string, folder: string): Promise<string | undefined> {
  const [real, realRoot] = await Promise.all(
    [root + sep + folder, root].map((path) => realpath(path).catch(unlessMissing)),
  );
  const isWithin =
    real !== undefined && realRoot !== undefined && (real === realRoot || real.startsWith(realRoot + sep));
  return isWithin ? real : undefined;
}

/** In the order of UTF-8, which that of JavaScript's strings is only up to U+D7FF. */
function isBefore(one: string, other: string): boolean {
  return Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
}
