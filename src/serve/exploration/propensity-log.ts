import { appendFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExplorationChoice } from './policy.ts';

/** An answer in which positions were explored. */
export type ExploredAnswer = {
  readonly recommendationId: string;
  readonly ownerArn: string;
  readonly userId: string;
  /** The chance of each position to be explored. */
  readonly rate: number;
  readonly choices: readonly ExplorationChoice[];
};

export type PropensityLogOptions = {
  /** Made where it does not exist. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly onError: (error: unknown) => void;
};

/** When a file is full, and how many are kept. */
const fileBytes = 2 ** 26;
const mostFiles = 16;

const flushEveryMs = 1000;
/** Lines that wait when the disk is behind: what comes beyond is not written. */
const mostWaiting = 2 ** 24;

/**
 * What exploration has decided, as JSON lines in files, so that policies can be judged off-line by inverse propensities
 * (Horvitz and Thompson 1952): a line for each position that was explored, with the chance of what was put there.
 * Adding costs no write; lines are written each second. The newest files are kept.
 */
export class PropensityLog {
  readonly #options: PropensityLogOptions;
  readonly #timer: NodeJS.Timeout;
  #lines: string[] = [];
  #waiting = 0;
  #file: string | undefined;
  #fileBytes = 0;
  #begun = 0;
  #writing = Promise.resolve();

  constructor(options: PropensityLogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#flush(), flushEveryMs).unref();
  }

  add({ recommendationId, ownerArn, userId, rate, choices }: ExploredAnswer): void {
    const at = new Date(this.#options.now()).toISOString();
    // Readers of the files know the owner by this name, whatever its kind.
    const answer = { at, recommendationId, campaignArn: ownerArn, userId, rate };
    for (const choice of choices) {
      if (this.#waiting > mostWaiting) return;
      const line = `${JSON.stringify({ ...answer, ...choice })}\n`;
      this.#lines.push(line);
      this.#waiting += line.length;
    }
  }

  /** Where the files are. */
  get folder(): string {
    return this.#options.folder;
  }

  /** Resolves once all that was added is written. */
  async flushed(): Promise<void> {
    this.#flush();
    await this.#writing;
  }

  /** Ends once everything is written. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#writing = this.#writing
      .then(() => this.#write(text))
      .catch(this.#options.onError)
      .finally(() => {
        this.#waiting -= text.length;
      });
  }

  async #write(text: string): Promise<void> {
    if (this.#file === undefined || this.#fileBytes >= fileBytes) await this.#begin();
    if (this.#file === undefined) return;
    await appendFile(this.#file, text);
    this.#fileBytes += Buffer.byteLength(text);
  }

  /** A further file; the oldest ones go. */
  async #begin(): Promise<void> {
    const { folder, now } = this.#options;
    await mkdir(folder, { recursive: true });
    const present = (await readdir(folder)).filter((name) => ownName.test(name)).toSorted();
    for (const name of present.slice(0, Math.max(0, present.length - mostFiles + 1))) await rm(join(folder, name));
    const time = new Date(now()).toISOString().replaceAll(/[-:]/g, '');
    this.#file = join(folder, `${prefix}${time}-${String(this.#begun++).padStart(4, '0')}.jsonl`);
    this.#fileBytes = 0;
  }
}

const prefix = 'propensities-';
/** Files of a person in the same folder are neither counted nor removed. */
const ownName = /^propensities-\d{8}T\d{6}\.\d{3}Z-\d{4,}\.jsonl$/;
