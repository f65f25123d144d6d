import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { unlessMissing } from '../durable-files.ts';
import { BucketError, keyMissing } from './bucket-error.ts';

/** Names at the root of a bucket's folder that are no objects: unfinished files, and what file systems keep there. */
export const hiddenNames: readonly string[] = ['.tmp', 'lost+found'];

/** The longest name that file systems take, in bytes. */
const maxNameBytes = 255;

/** Where the objects of a bucket are: the parts of a key between slashes are names of folders and files. */
export class ObjectPaths {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * The path for an object that is to be written.
   *
   * @throws BucketError `key-not-allowed` for a key that no file can have, `link` for one below a link out of the
   *   bucket
   */
  async forWriting(key: string): Promise<string> {
    const obstacle = obstacleOf(key);
    if (obstacle !== undefined) throw new BucketError('key-not-allowed', `A key in this server's buckets ${obstacle}.`);
    const path = join(this.#root, key.replace(/\/$/, ''));
    await this.#checkDeepest(path);
    return path;
  }

  /**
   * The file or folder that a key leads to.
   *
   * @throws BucketError `key-missing` where there is none, `link` if it is, or is below, a link out of the bucket
   */
  async find(key: string): Promise<{ readonly path: string; readonly stats: Stats }> {
    if (obstacleOf(key) !== undefined) throw keyMissing();
    const path = join(this.#root, key.replace(/\/$/, ''));
    const stats = await stat(path).catch(unlessNowhere);
    if (!stats || !(await this.#isBelow(path))) throw keyMissing();
    if (!key.endsWith('/') && stats.isDirectory()) throw keyMissing();
    if (key.endsWith('/') && !stats.isDirectory()) throw keyMissing();
    return { path, stats };
  }

  /** Checks the deepest folder above a path that is there. */
  async #checkDeepest(path: string): Promise<void> {
    if (await this.#isBelow(dirname(path))) {
      if (!(await this.#isTakenByCase(path))) return;
      throw new BucketError(
        'key-not-allowed',
        'The file system does not tell this key from that of another object, whose letters differ in case or form.',
      );
    }
    await this.#checkDeepest(dirname(path));
  }

  async #isTakenByCase(path: string): Promise<boolean> {
    const real = await realpath(path).catch(unlessNowhere);
    return (
      real !== undefined && isOtherName(real, join(await realpath(dirname(path)), path.slice(dirname(path).length + 1)))
    );
  }

  /** False where nothing is, and where another name stands for this one. */
  async #isBelow(path: string): Promise<boolean> {
    const [real, root] = await Promise.all([realpath(path).catch(unlessNowhere), realpath(this.#root)]);
    if (real === undefined) return false;
    if (real !== root && !real.startsWith(root + sep)) {
      throw new BucketError(
        'link',
        'The key leads through a link out of the folder of its bucket, which is not followed.',
      );
    }
    return path === this.#root || !isOtherName(real, join(root, path.slice(this.#root.length)));
  }
}

/** Whether a file system that knows no case, or no forms of a letter, took one name for another. */
export const isOtherName = (real: string, asked: string): boolean => real !== asked && folded(real) === folded(asked);

const folded = (path: string) => path.normalize('NFC').toLowerCase();

/** The second half of a sentence, for a key that no file in a folder can have. */
function obstacleOf(key: string): string | undefined {
  const names = key.split('/');
  if (key.endsWith('/')) names.pop();
  if (key.includes('\0')) return 'has no NUL character';
  if (names.includes('')) return 'neither begins with "/" nor has "//" in it';
  if (names.includes('.') || names.includes('..')) return 'has no segment "." or ".."';
  if (hiddenNames.includes(names[0] ?? '')) return `does not begin with "${names[0]}/"`;
  if (sep === '\\' && /[\\:]/.test(key)) return 'has neither "\\" nor ":" on this system';
  const isLong = names.some((name) => Buffer.byteLength(name) > maxNameBytes);
  return isLong
    ? `has at most ${maxNameBytes} bytes between two slashes, as each part is the name of a file`
    : undefined;
}

/** For `catch`: undefined also for a link that leads to itself, and for a name that is too long. */
function unlessNowhere(error: NodeJS.ErrnoException): undefined {
  return error.code === 'ELOOP' || error.code === 'ENAMETOOLONG' ? undefined : unlessMissing(error);
}
