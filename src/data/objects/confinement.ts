import type { Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { unlessMissing } from './durable-files.ts';
import { ObjectStoreError } from './object-store.ts';

/**
 * Keeps links below a folder from leading out of it. The folder itself may be a link of the person who runs the server.
 */
export class Confinement {
  readonly #root: string;
  #realRoot: string | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Where a path really is; undefined where nothing is.
   *
   * @param object the path's name in messages
   * @throws ObjectStoreError `forbidden` if that is not below the folder
   */
  async check(path: string, object: string): Promise<string | undefined> {
    const real = await realpath(path).catch(unlessMissing);
    if (real === undefined || (await this.#holds(real))) return real;
    throw new ObjectStoreError(
      'forbidden',
      `${object} is, or is below, a link that leads out of the folder of its bucket, which is not followed: put the files themselves there.`,
    );
  }

  /** The same for the deepest folder above a path that is there. */
  async checkFolderOf(path: string, object: string): Promise<void> {
    const folder = dirname(path);
    if (path === this.#root || (await this.check(folder, object)) !== undefined) return;
    await this.checkFolderOf(folder, object);
  }

  async #holds(real: string): Promise<boolean> {
    if (isWithin(real, this.#realRoot)) return true;
    // The folder may have come, or be another, since.
    this.#realRoot = await realpath(this.#root).catch(unlessMissing);
    return isWithin(real, this.#realRoot);
  }
}

const isWithin = (real: string, root: string | undefined): boolean =>
  root !== undefined && (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));

/** What something is that is no file, with its article. */
export function kindOf(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isFIFO()) return 'a named pipe';
  if (facts.isSocket()) return 'a socket';
  return 'a device';
}
