import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { fileProblem } from './file-problem.ts';
import { type LocalCopy, type ObjectStore, ObjectStoreError } from './object-store.ts';

/** What a file must hold: its size, and the SHA-256 of its content in hexadecimal. */
export type Checksum = { readonly bytes: number; readonly sha256: string };

/** What an object was when it was written. */
export type ExpectedChecksum = Omit<Checksum, 'sha256'> & {
  /** Null for what an earlier release wrote: then the size alone is checked. */
  readonly sha256: string | null;
  /** What a person can do where the object is otherwise, as the second half of a sentence. */
  readonly remedy: string;
};

/** Whether what was found is what was written, as far as that was written down. */
export const isExpected = (found: Checksum, { bytes, sha256 }: ExpectedChecksum): boolean =>
  found.bytes === bytes && (sha256 === null || found.sha256 === sha256);

/** Hashed at a time: a fraction of a millisecond, so that the event loop stays free. */
const pieceBytes = 1 << 18;

/**
 * By device, inode and time of birth: a file keeps its sum under another name until its size or time of change differs.
 */
const remembered = new LRUCache<string, { readonly version: string; readonly sha256: string }>({ max: 10_000 });

/** The checksum of a file. A file that has not changed since is not read again in this process. */
export async function checksumOf(path: string): Promise<Checksum> {
  const { dev, ino, birthtimeNs, size, mtimeNs } = await stat(path, { bigint: true });
  const [id, version] = [`${dev} ${ino} ${birthtimeNs}`, `${size} ${mtimeNs}`];
  const known = remembered.get(id);
  if (known?.version === version) return { bytes: Number(size), sha256: known.sha256 };
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) hash.update(piece);
  const sha256 = hash.digest('hex');
  remembered.set(id, { version, sha256 });
  return { bytes: Number(size), sha256 };
}

/**
 * Checks that a local copy of an object holds what was written.
 *
 * @param place the object as a person would look for it
 * @throws ObjectStoreError, of the reason `damaged` where it does not
 */
export async function requireIntact(path: string, expected: ExpectedChecksum, location: string): Promise<void> {
  const damage = await damageOf(path, expected).catch((error: unknown) => {
    throw fileProblem(error, location) ?? error;
  });
  if (damage) throw damaged(location, damage, expected.remedy);
}

/** @param how seen by what, as the middle of a sentence */
export const damaged = (location: string, how: string, remedy: string): ObjectStoreError =>
  new ObjectStoreError('damaged', `${location} is damaged, ${how}: ${remedy}.`);

async function damageOf(path: string, expected: ExpectedChecksum): Promise<string | undefined> {
  const { size } = await stat(path);
  if (size !== expected.bytes) return `as it has ${size} bytes instead of ${expected.bytes}`;
  if (expected.sha256 === null || (await checksumOf(path)).sha256 === expected.sha256) return undefined;
  return 'as its checksum is not the one that was written down';
}

/** An object as a file on this machine that holds what was written. @throws ObjectStoreError */
export async function intactFile(store: ObjectStore, key: string, expected: ExpectedChecksum): Promise<LocalCopy> {
  const copy = await store.localFile(key);
  try {
    await requireIntact(copy.path, expected, store.location(key));
    return copy;
  } catch (error) {
    await copy[Symbol.asyncDispose]();
    throw error;
  }
}
