import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../objects/durable-files.ts';
import { isDatabaseFull } from './dialect.ts';

/** The file in the folder of the database. */
export const reserveName = 'openpersonalize.reserve';

/** Enough for the transactions of deletions, and for a database to take in what its write-ahead log holds. */
const wholeBytes = 8 * 2 ** 20;

/** At most this share of what a small disk has left. */
const shareOfFree = 1 / 8;

export type ReserveParts = {
  /** Called each time that the space is given up. */
  onRelease(): void;
  /** Space within the database's file that it can write into. */
  reusableBytes(): Promise<number>;
};

/** Space for deletions on a full disk, whichever process of the server holds it. */
export type Room = Pick<Reserve, 'isHeld' | 'advice' | 'withRoom' | 'restore'>;

/**
 * Space on the disk of a SQLite database, held by a file: given up when the disk is full, so that something can be
 * deleted.
 */
export class Reserve {
  readonly #folder: string;
  readonly #path: string;
  readonly #parts: ReserveParts;
  #bytes = 0;
  #isHeld = true;
  #restoring: Promise<boolean> | undefined;

  private constructor(folder: string, parts: ReserveParts) {
    this.#folder = folder;
    this.#parts = parts;
    this.#path = join(folder, reserveName);
  }

  /** Takes the space if there is some. */
  static async open(folder: string, parts: ReserveParts): Promise<Reserve> {
    const reserve = new Reserve(folder, parts);
    const present = (await stat(reserve.#path).catch(unlessMissing))?.size ?? 0;
    const wanted = sizeFor(present + (await freeBytes(folder)));
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
      if (!isNoSpace(error) || !(await this.release())) throw error;
      return await work();
    }
  }

  /** Gives the space up. @returns whether there was any */
  async release(): Promise<boolean> {
    if (!this.#isHeld || this.#bytes === 0) return false;
    this.#isHeld = false;
    await rm(this.#path, { force: true });
    this.#parts.onRelease();
    return true;
  }

  /** Takes the space again if twice as much is free, on the disk or in the database; gives whether it is held now. */
  async restore(): Promise<boolean> {
    if (this.#isHeld) return true;
    this.#restoring ??= this.#takeAgain().finally(() => {
      this.#restoring = undefined;
    });
    return await this.#restoring;
  }

  async #takeAgain(): Promise<boolean> {
    const free = await freeBytes(this.#folder);
    if (free < 2 * this.#bytes) {
      if (free + (await this.#parts.reusableBytes()) < 2 * this.#bytes) return false;
      // What was deleted lies within the database's file, which it writes into and never makes smaller.
      this.#bytes = sizeFor(free);
    }
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

const sizeFor = (freeBytes: number) => Math.floor(Math.min(wholeBytes, freeBytes * shareOfFree));

export const isNoSpace = (error: unknown) =>
  isDatabaseFull(error) || (error instanceof Error && 'code' in error && error.code === 'ENOSPC');

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
