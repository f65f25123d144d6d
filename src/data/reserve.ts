import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isDatabaseFull } from './dialect.ts';
import { unlessMissing } from './durable-files.ts';

/** The file in the folder of the database. */
export const reserveName = 'openpersonalize.reserve';

/** Enough for the transactions of deletions, and for a database to take in what its write-ahead log holds. */
const wholeBytes = 8 * 2 ** 20;

/** At most this share of what a small disk has left. */
const shareOfFree = 1 / 8;

/**
 * Space on the disk of a SQLite database, held by a file: given up when the disk is full, so that something can be
 * deleted.
 */
export class Reserve {
  readonly #folder: string;
  readonly #path: string;
  readonly #onRelease: () => void;
  #bytes = 0;
  #isHeld = true;
  #restoring: Promise<boolean> | undefined;

  private constructor(folder: string, onRelease: () => void) {
    this.#folder = folder;
    this.#onRelease = onRelease;
    this.#path = join(folder, reserveName);
  }

  /** Takes the space if there is some. `onRelease` is called each time that it is given up. */
  static async open(folder: string, onRelease: () => void): Promise<Reserve> {
    const reserve = new Reserve(folder, onRelease);
    const present = (await stat(reserve.#path).catch(unlessMissing))?.size ?? 0;
    const wanted = Math.floor(Math.min(wholeBytes, (present + (await freeBytes(folder))) * shareOfFree));
    reserve.#bytes = Math.max(present, wanted);
    if (present < wanted) await reserve.#fill();
    return reserve;
  }

  /** Whether it is there to be given up. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** What a person has to do while it is given up. */
  get advice(): string {
    const needed = Math.ceil((2 * this.#bytes) / 2 ** 20);
    return (
      `There is no space left on the disk of ${this.#folder}: until ${needed} MiB are free there, nothing is taken but deletions. ` +
      'Delete datasets or solutions, or free some by other means.'
    );
  }

  /** Does work that may use the reserve: where there is no space for it, it is done again with that given up. */
  async withRoom<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isNoSpace(error) || !this.#isHeld || this.#bytes === 0) throw error;
      this.#isHeld = false;
      await rm(this.#path, { force: true });
      this.#onRelease();
      return await work();
    }
  }

  /** Takes the space again if twice as much is free; gives whether it is held now. */
  async restore(): Promise<boolean> {
    if (this.#isHeld) return true;
    this.#restoring ??= this.#takeAgain().finally(() => {
      this.#restoring = undefined;
    });
    return await this.#restoring;
  }

  async #takeAgain(): Promise<boolean> {
    if ((await freeBytes(this.#folder)) < 2 * this.#bytes) return false;
    await this.#fill();
    return this.#isHeld;
  }

  async #fill(): Promise<void> {
    try {
      await using file = await open(this.#path, 'w');
      // Bytes that no file system can make smaller.
      await file.writeFile(randomBytes(this.#bytes));
      await file.sync();
      this.#isHeld = true;
    } catch (error) {
      await rm(this.#path, { force: true });
      this.#isHeld = false;
      if (!isNoSpace(error)) throw error;
    }
  }
}

const isNoSpace = (error: unknown) =>
  isDatabaseFull(error) || (error instanceof Error && 'code' in error && error.code === 'ENOSPC');

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
